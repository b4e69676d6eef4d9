/* Keep the letters that are typed into papers, in this tab, until they're saved: they're back in the rows
   when the page is opened again. Storage may be off: then the page works as without this script. */
'use strict';
{
const form = document.querySelector('[data-draft]');
const saved = document.querySelector('[data-saved-papers]');
const keyOf = sitting => `papers-${sitting}`;
const kept = act => { try { return act(sessionStorage); } catch { return null; } };
if (saved) kept(storage => storage.removeItem(keyOf(saved.dataset.savedPapers)));
if (form) {
  const key = keyOf(form.dataset.draft), place = /(\d+)-\d+$/, note = document.querySelector('#draft');
  const cells = [...form.querySelectorAll('.paper-cell input')];
  const nameOf = cell => cell.name.match(/\d+-\d+$/)[0];
  const typed = () => Object.fromEntries(cells.filter(one => one.value.trim()).map(one => [nameOf(one), one.value]));
  const keep = () => kept(storage => {
    const letters = typed();
    if (Object.keys(letters).length) storage.setItem(key, JSON.stringify(letters));
    else storage.removeItem(key);
  });
  const draft = kept(storage => JSON.parse(storage.getItem(key))) ?? {};
  const rows = Math.max(0, ...Object.keys(draft).map(name => Number(name.match(place)[1])));
  const isEmpty = !Object.keys(typed()).length;
  const address = new URL(location.href);
  if (isEmpty && rows > Number(form.elements.rows.value) && !address.searchParams.has('rows')) {
    address.searchParams.set('rows', rows);
    location.replace(address);
  } else if (isEmpty && rows) {
    for (const cell of cells) cell.value = draft[nameOf(cell)] ?? '';
    note.hidden = false;
    note.querySelector('button').addEventListener('click', () => {
      for (const cell of cells) cell.value = '';
      note.hidden = true;
      keep();
      cells[0].focus();
    });
  }
  form.addEventListener('input', keep);
}
}
