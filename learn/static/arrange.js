/* Put steps in order, and match lines with answers, by tapping, dragging, or with the keyboard.
   The lists in the form stay what is answered: this sets them, and shows what they say. Without this
   script the lists themselves are shown. */
'use strict';
{
const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);
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

// What is the same for both: the lists give way, and a hint and a status say what to do and what
// was done. A list that is set otherwise, as by going back to this page, is shown as it is then.
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
  const {up, down, now, keep} = rows.dataset;
  const cards = () => [...rows.children];
  const listOf = card => card.querySelector('select');
  const say = begin(rows, show);
  const keeper = button('.button .button-secondary .button-small');
  keeper.textContent = keep;
  keeper.addEventListener('click', () => {
    settle(rows.firstElementChild);
    rows.querySelector('button').focus();
  });
  rows.after(keeper);

  // The neighbor moves, so that what has the focus, or follows the pointer, stays where it is.
  function pass(card, by) {
    const other = by < 0 ? card.previousElementSibling : card.nextElementSibling;
    if (by < 0) card.after(other);
    else card.before(other);
  }

  // The order on the page is the answer now.
  function settle(card) {
    cards().forEach((each, index) => { listOf(each).value = index + 1; });
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
    keeper.hidden = wanted.every(card => isChosen(listOf(card)));
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
      card.scrollIntoView({block: 'nearest', behavior: 'instant'});
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

function match(rows) {
  const {answers, none} = rows.dataset;
  const listOf = new Map(); // of the button of each line
  const bank = made('div', '.targets', {role: 'group', 'aria-label': answers});
  const say = begin(rows, show);
  let waiting = null; // the button that was tapped, until its counterpart is

  const open = () => [...listOf.keys()].find(row => !isChosen(listOf.get(row)));

  function wait(tapped) {
    waiting?.setAttribute('aria-pressed', 'false');
    waiting = tapped;
    waiting?.setAttribute('aria-pressed', 'true');
  }

  function set(row, value) {
    const list = listOf.get(row), words = wordsOf(row.parentElement);
    list.value = value;
    show();
    say(`${words}: ${value ? list.selectedOptions[0].text : none}`);
  }

  function tap(tapped, byKey) {
    const isLine = listOf.has(tapped), other = waiting;
    if (other && listOf.has(other) !== isLine) {
      const line = isLine ? tapped : other;
      wait(null);
      set(line, (isLine ? other : tapped).value);
      if (byKey) (open() ?? line).focus();
    } else if (tapped === other) {
      wait(null);
    } else {
      if (isLine && isChosen(listOf.get(tapped))) set(tapped, '');
      wait(tapped);
      if (byKey) (isLine ? bank.querySelector('button') : open())?.focus();
    }
  }

  function marked(letter, words) {
    const mark = made('b', '.letter');
    mark.textContent = letter;
    return [mark, words];
  }

  function show() {
    for (const [row, list] of listOf) {
      const {selectedIndex, selectedOptions: [chosen]} = list;
      row.classList.toggle('is-matched', isChosen(list));
      row.replaceChildren(...isChosen(list) ? marked(letters[selectedIndex - 1], chosen.text) : [none]);
    }
  }

  const targets = [...rows.querySelector('select').options].filter(option => option.value);
  const letters = targets.map((_, index) => String.fromCharCode(65 + index));
  targets.forEach((target, index) => {
    const tapped = button('.target', {'aria-pressed': 'false', 'data-read': ''});
    tapped.value = target.value;
    tapped.append(...marked(letters[index], target.text));
    tapped.addEventListener('click', ({detail}) => tap(tapped, !detail));
    bank.append(tapped);
  });
  for (const line of rows.children) {
    const list = line.querySelector('select'), label = line.querySelector('label');
    const row = button('.target', {id: `${list.id}-answer`, 'aria-pressed': 'false'});
    label.id = `${list.id}-line`;
    row.setAttribute('aria-labelledby', `${label.id} ${row.id}`);
    if (list.hasAttribute('aria-describedby')) row.setAttribute('aria-describedby', 'missing');
    listOf.set(row, list);
    line.append(row);
    // All of the line can be tapped.
    line.addEventListener('click', event => {
      event.preventDefault();
      tap(row, !event.detail);
    });
  }
  rows.before(bank);
  show();
}

// Called again when another script has put another page in place of this one.
function start() {
  const rows = document.querySelector('[data-arrange]');
  if (rows && !rows.matches('.is-arranged')) (rows.dataset.arrange === 'order' ? order : match)(rows);
}

document.addEventListener('page-turned', start);
start();
}
