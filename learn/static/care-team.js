/* Save a question for the care team without leaving the page: the same form at the same address,
   and what comes back takes its place. Without this script, the page comes back in its place. */
'use strict';
document.addEventListener('submit', event => {
  const form = event.target, place = form.closest('.save-question');
  if (!place) return;
  event.preventDefault();
  if (form.dataset.isSent) return; // a second tap
  form.dataset.isSent = 'yes';
  place.querySelector('.note')?.remove();
  const fields = new URLSearchParams(new FormData(form)), request = new XMLHttpRequest();
  fields.set('part', 'yes');
  request.open('POST', form.action);
  request.responseType = 'document'; // its scripts never run
  request.timeout = 20000;
  request.onload = () => {
    const saved = request.status === 200 && request.response?.querySelector('.question-saved');
    if (!saved) return form.submit(); // the page of the same address says why
    form.replaceWith(document.adoptNode(saved));
    saved.focus({ preventScroll: true });
  };
  request.onerror = request.ontimeout = () => {
    const note = document.createElement('p');
    note.className = 'note';
    note.textContent = form.closest('[data-offline]').dataset.offline;
    form.append(note);
    delete form.dataset.isSent;
  };
  request.send(fields);
});
addEventListener('pageshow', () => document.querySelectorAll('[data-is-sent]')
  .forEach(form => delete form.dataset.isSent));

/* Keep the care team's own numbers on this device, too, for when nobody is signed in here. Not on a
   device that is shared. They go when a form that says so is sent: no address makes the device forget
   them, since another site could link to it. Storage may be off: then the page works as without this
   script. */
{
const KEY = 'care-numbers';
const place = document.querySelector('[data-care-numbers]');
const kept = act => { try { return act(localStorage); } catch { return null; } };
const forget = () => kept(storage => storage.removeItem(KEY));
const rows = place ? [...place.querySelectorAll('[data-number]')] : [];
const own = rows.filter(row => row.dataset.text);

function show(row, found) {
  if (typeof found?.text !== 'string' || typeof found.shown !== 'string') return;
  const link = row.querySelector('a'), words = row.querySelector('.number-note') ?? row.lastElementChild;
  const dials = /^(?:\+?\d{7,15}|\d{3})$/.test(found.dial);
  const note = dials ? found.text.replace(found.shown, '').replace(/^[ ,;:–-]+|[ ,;:–-]+$/g, '') : found.text;
  row.hidden = false;
  words.querySelector('bdi').textContent = note;
  if (dials) row.querySelector('b').textContent = found.shown;
  const doubt = row.querySelector('.number-doubt');
  doubt.firstElementChild.textContent = found.doubt ?? '';
  doubt.hidden = !found.doubt;
  if (!link) return; // on the card for the fridge
  if (dials) {
    link.href = `tel:${found.dial}`;
    link.hidden = false;
    words.querySelector('strong')?.remove();
  }
  words.hidden = !note;
  row.parentElement.hidden = false;
}

document.addEventListener('submit', ({ target, submitter }) => {
  if ('forgetCareNumbers' in { ...target.dataset, ...submitter?.dataset }) forget();
});

if (own.length) {
  const numbers = JSON.stringify(Object.fromEntries(own.map(
    ({ dataset: { number, text, shown, dial, doubt } }) => [number, { text, shown, dial, doubt }])));
  if (!('isShared' in place.dataset)) kept(storage => storage.setItem(KEY, numbers));
  else if (kept(storage => storage.getItem(KEY)) === numbers) forget(); // from before they signed in
} else if (place) {
  const found = kept(storage => JSON.parse(storage.getItem(KEY))) ?? {};
  const say = areHere => {
    for (const part of document.querySelectorAll('[data-with-numbers]')) part.hidden = !areHere;
    for (const part of document.querySelectorAll('[data-without-numbers]')) part.hidden = areHere;
  };
  rows.forEach(row => show(row, found[row.dataset.number]));
  say(rows.some(row => !row.hidden));
  document.querySelector('[data-with-numbers] button')?.addEventListener('click', () => {
    forget();
    rows[0].parentElement.hidden = true;
    say(false);
    place.focus();
  });
}
}

/* After a jump to a passage, what it is folded in opens, and a heading above it that is cut by the edge
   comes into sight, whole. */
addEventListener('load', () => {
  const place = document.getElementById(location.hash.slice(1));
  place?.closest('details')?.setAttribute('open', '');
  const heading = place && place.closest('section')?.querySelector('h2')?.getBoundingClientRect();
  if (heading && heading.top < 8 && heading.bottom > 0) scrollBy({top: heading.top - 8, behavior: 'instant'});
});

/* Say that the lesson was read once its end came into view. A jump to a passage near the end doesn't
   count, until the reader has scrolled away and back. Without this script, the links at the end say
   the same. */
{
const end = document.querySelector('[data-end]');
let isJump = location.hash !== '';
if (end && window.IntersectionObserver) {
  new IntersectionObserver((entries, observer) => {
    const isSeen = entries.at(-1).isIntersecting;
    if (isSeen && !isJump) {
      observer.disconnect();
      fetch(end.dataset.end, { method: 'POST', keepalive: true }).catch(() => {});
    }
    isJump &&= isSeen;
  }).observe(end);
}
}
