/* Show what is found while somebody types: the same page from the same address, and its results come
   below the box. Without this script, the form opens the page.

   Outside of office hours, the care team's number for nights and weekends comes first, in what is found
   and on every page. */
'use strict';
{
const PAUSE = 200; // milliseconds without a key

function nightsFirst() {
  const now = new Date();
  if (now.getDay() % 6 && (now.getHours() + 16) % 24 < 9) return;
  for (const row of document.querySelectorAll('[data-number="daytime"] + :not(div)[data-number="nights"]')) {
    row.previousElementSibling.before(row);
  }
}

function watch(form) {
  const field = form.elements.q, status = form.querySelector('[role=status]');
  const isPage = form.closest('main') !== null;
  let sent, timer, shown = isPage ? field.value : '';

  function look() {
    sent?.abort();
    shown = field.value;
    const from = `${form.action}?${new URLSearchParams(new FormData(form))}`;
    sent = new XMLHttpRequest();
    sent.open('GET', from);
    sent.responseType = 'document'; // its scripts never run
    sent.onload = ({ target: { status: code, response } }) => {
      const found = code === 200 && response?.querySelector('main .search-results');
      if (!found) return;
      form.parentElement.querySelector('.search-results').replaceWith(document.adoptNode(found));
      nightsFirst();
      status.textContent = found.dataset.count;
      if (!isPage) return;
      document.title = response.title;
      history.replaceState(null, '', from);
    };
    sent.send();
  }

  function wait() {
    clearTimeout(timer);
    timer = setTimeout(() => { if (field.value.trim() !== shown.trim()) look(); }, PAUSE);
  }

  field.addEventListener('input', wait);
  field.addEventListener('keydown', event => {
    if (event.key !== 'Escape' || !field.value) return; // the next one closes the box
    event.preventDefault();
    field.value = '';
    wait();
  });

  // The results are there already: no page has to load, and a keyboard on the screen can go.
  form.addEventListener('submit', event => {
    clearTimeout(timer);
    const isShown = sent?.readyState === XMLHttpRequest.DONE && field.value.trim() === shown.trim();
    if (!isPage || !isShown) return;
    event.preventDefault();
    if (matchMedia('(pointer: coarse)').matches) field.blur();
  });
}

document.querySelectorAll('.search-box').forEach(watch);
addEventListener('DOMContentLoaded', nightsFirst); // once care-team.js has read and filled the rows
// A result may lead to a place on this page.
const box = document.getElementById('site-search');
box?.addEventListener('click', ({ target }) => { if (target.closest('a')) box.hidePopover?.(); });
}
