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
