/* Put steps in order by tapping, dragging, or with the keyboard. The lists in the form stay what is
   answered: this sets them, and shows what they say. Without this script the lists themselves are
   shown. */
'use strict';
{
const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);
const EDGE = 60, STEP = 14; // pixels
const isChosen = list => list.value !== '';

// Classes are written as in a selector.
function made(name, classes, attributes = {}) {
  const element = document.createElement(name);
  element.className = classes.replaceAll('.', '');
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  return element;
}

const button = (classes, attributes) => made('button', classes, {type: 'button', ...attributes});

const wordsOf = row => row.querySelector('label').textContent.trim();

// The lists give way, and a hint and a status say what to do and what was done. A list that is set
// otherwise, as by going back to this page, is shown as it is then.
function begin(rows, show) {
  const {hint} = rows.dataset, status = made('p', '.visually-hidden', {role: 'status'});
  rows.classList.add('is-arranged');
  rows.querySelectorAll('select').forEach(list => { list.hidden = true; });
  rows.after(status);
  document.getElementById('hint').textContent = hint;
  rows.addEventListener('change', show);
  addEventListener('pageshow', show);
  return text => { status.textContent = text; };
}

function order(rows) {
  const {up, down, now} = rows.dataset;
  const cards = () => [...rows.children];
  const listOf = card => card.querySelector('select');
  const say = begin(rows, show);
  // Whoever sends it takes the order as it stands.
  rows.closest('form').addEventListener('submit', ({submitter}) => {
    if (!submitter?.name) setLists();
  });

  // The neighbor moves, so that what has the focus, or follows the pointer, stays where it is.
  function pass(card, by) {
    const other = by < 0 ? card.previousElementSibling : card.nextElementSibling;
    if (by < 0) card.after(other);
    else card.before(other);
  }

  function setLists() {
    cards().forEach((each, index) => { listOf(each).value = index + 1; });
  }

  // The order on the page is the answer now.
  function settle(card) {
    setLists();
    show();
    say(fill(now, {what: wordsOf(card), n: cards().indexOf(card) + 1, total: cards().length}));
  }

  function show() {
    const place = card => Number(listOf(card).value) || Infinity;
    const wanted = cards().sort((one, other) => place(one) - place(other) || 0);
    if (wanted.some((card, index) => card !== rows.children[index])) rows.append(...wanted);
    for (const card of wanted) {
      const [first, last] = card.querySelectorAll('.moves button');
      first.setAttribute('aria-disabled', card === wanted[0]);
      last.setAttribute('aria-disabled', card === wanted.at(-1));
      card.querySelector('.place').textContent =
        isChosen(listOf(card)) ? listOf(card).selectedOptions[0].text : '';
    }
  }

  function drag(card, handle, start) {
    if (start.button) return;
    start.preventDefault();
    const before = cards(), until = new AbortController(), {signal} = until;
    const middle = ({top, height}) => top + height / 2;
    const isPast = (other, y) => middle(other.getBoundingClientRect()) < y;
    handle.setPointerCapture(start.pointerId);
    card.classList.add('is-lifted');
    handle.addEventListener('pointermove', ({clientY}) => {
      while (card.nextElementSibling && isPast(card.nextElementSibling, clientY)) pass(card, 1);
      while (card.previousElementSibling && !isPast(card.previousElementSibling, clientY)) pass(card, -1);
      // The page follows only where the pointer comes near its edge: else it would move away below it.
      const bar = document.querySelector('.sticky-action')?.getBoundingClientRect().top ?? innerHeight;
      if (clientY < EDGE) scrollBy(0, -STEP);
      else if (clientY > Math.min(bar, innerHeight) - EDGE / 2) scrollBy(0, STEP);
    }, {signal});
    const end = isDropped => {
      until.abort();
      card.classList.remove('is-lifted');
      if (!isDropped) rows.append(...before);
      else if (before.some((each, index) => each !== rows.children[index])) settle(card);
    };
    handle.addEventListener('pointerup', () => end(true), {signal});
    handle.addEventListener('pointercancel', () => end(false), {signal});
    addEventListener('keydown', ({key}) => { if (key === 'Escape') end(false); }, {signal});
  }

  for (const card of cards()) {
    const what = wordsOf(card), handle = made('span', '.drag-handle'), moves = made('span', '.moves');
    handle.append(made('b', '.place'), made('i', ''));
    handle.addEventListener('pointerdown', event => drag(card, handle, event));
    for (const [by, name] of [[-1, up], [1, down]]) {
      const mover = button('.button .button-secondary', {'aria-label': fill(name, {what}), 'data-by': by});
      mover.addEventListener('click', () => {
        if (mover.getAttribute('aria-disabled') === 'true') return;
        pass(card, by);
        settle(card);
        card.scrollIntoView({block: 'nearest', behavior: 'instant'});
      });
      moves.append(mover);
    }
    card.prepend(handle);
    card.append(moves);
  }
  show();
}

// Called again when another script has put another page in place of this one.
function start() {
  const rows = document.querySelector('[data-arrange]');
  if (rows && !rows.matches('.is-arranged')) order(rows);
}

document.addEventListener('page-turned', start);
start();
}
