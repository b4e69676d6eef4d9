/* Keep the care team's own numbers on this device, too, for when nobody is signed in here.
   Storage may be off: then the page works as without this script. */
'use strict';
{
const KEY = 'care-numbers';
const place = document.querySelector('[data-care-numbers]');
const kept = act => { try { return act(localStorage); } catch { return null; } };
const forget = () => kept(storage => storage.removeItem(KEY));
const rows = place ? [...place.querySelectorAll('[data-number]')] : [];
const own = rows.filter(row => row.dataset.text);

function show(row, found) {
  if (typeof found?.text !== 'string' || typeof found.shown !== 'string') return;
  const link = row.querySelector('a'), words = row.lastElementChild;
  row.hidden = false;
  words.querySelector('bdi').textContent = found.text;
  if (!link) return; // on the card for the fridge
  if (/^\+?\d{7,15}$/.test(found.dial)) {
    link.href = `tel:${found.dial}`;
    link.querySelector('b').textContent = found.shown;
    link.hidden = false;
    words.querySelector('strong')?.remove();
  }
  words.hidden = !link.hidden && found.text === found.shown;
  row.parentElement.hidden = false;
}

if (document.querySelector('[data-forget-care-numbers]') || /[?&]numbers=gone\b/.test(location.search)) {
  forget();
} else if (own.length) {
  const numbers = Object.fromEntries(own.map(({dataset: {number, text, shown, dial}}) =>
    [number, {text, shown, dial}]));
  kept(storage => storage.setItem(KEY, JSON.stringify(numbers)));
} else if (place) {
  const found = kept(storage => JSON.parse(storage.getItem(KEY))) ?? {};
  rows.forEach(row => show(row, found[row.dataset.number]));
  place.querySelector('button[type=button]')?.addEventListener('click', () => {
    forget();
    rows[0].parentElement.hidden = true;
    place.focus();
  });
}
}
