/* Turn a question into its feedback, and feedback into the next question, without loading a page.
   Without this script, or when anything goes wrong here, the browser loads the page instead. */
'use strict';
{
const TURNS = 'main[data-turns]';
const withoutPlace = address => address.split('#')[0];
const GAP = 8; // pixels above the last line of the question
const PEEP = 30; // and below what is right, so that something shows that there is more
let isBusy = false, shown = withoutPlace(location.href);

function request(address, body) {
  return new Promise((resolve, reject) => {
    const sent = new XMLHttpRequest();
    sent.open(body ? 'POST' : 'GET', address);
    sent.responseType = 'document';
    sent.onload = () => resolve({page: sent.response, from: withoutPlace(sent.responseURL)});
    sent.timeout = 20000; // then it waits on the device, or the browser tries
    sent.onerror = sent.ontimeout = sent.onabort = reject;
    sent.send(body);
  });
}

// Load the scripts that this page needs, and the one before did not.
function load(scripts) {
  const loaded = new Set([...document.scripts].map(script => script.src));
  for (const {src} of scripts) {
    if (loaded.has(src)) continue;
    const script = document.createElement('script');
    script.src = src;
    document.head.append(script);
  }
}

// Show what a request is answered with in place of this page, or open it if it's another kind.
// Return whether it is a question or its feedback: then the site has read the answer that was sent.
async function turn(address, body) {
  const {page, from} = await request(address, body);
  const main = page?.querySelector('main');
  if (!main || !page.querySelector('header')) throw new TypeError('this is no page of ours');
  const canBeOpened = !body || from !== withoutPlace(address);
  const turns = main.matches(TURNS);
  if (canBeOpened && !turns) {
    location.assign(from);
    return false;
  }
  const first = page.querySelector('[autofocus]') ?? main.querySelector('h1');
  first.removeAttribute('autofocus'); // it's for pages that are loaded
  for (const part of ['header', 'main']) {
    document.querySelector(part).replaceWith(page.querySelector(part));
  }
  document.title = page.title;
  history[from === shown ? 'replaceState' : 'pushState'](null, '', from);
  shown = from;
  load(page.scripts);
  document.dispatchEvent(new Event('page-turned'));
  begin(first);
  return turns;
}

// Begin at the top of the page, or further down where its first words would be out of sight: those of
// a question are its case, table, or picture, above its heading. After an answer, what is right and
// what was chosen are in sight, and the end of the question still is; the header is whole, or gone.
function begin(first) {
  if (!first.hasAttribute('tabindex')) first.tabIndex = -1;
  if (first.matches('[data-said]')) { // above the button: as much of the question as fits stays in sight
    first.focus({preventScroll: true});
    return first.scrollIntoView({block: 'nearest'});
  }
  scrollTo(0, 0);
  first.focus({preventScroll: true});
  const box = found => document.querySelector(found)?.getBoundingClientRect();
  const answer = box('[data-chosen]') ?? box('[data-answer]');
  if (answer) {
    const asked = document.querySelector('.question h1');
    const end = asked.getBoundingClientRect().bottom - parseFloat(getComputedStyle(asked).lineHeight);
    const room = Math.min(innerHeight, box('.sticky-action').top);
    const below = answer.bottom - room;
    if (below > 0) scrollTo(0, Math.max(box('header').bottom, Math.min(below + PEEP, end - GAP)));
    return;
  }
  const whole = first.closest('form.question') ?? first.parentElement;
  if (whole.getBoundingClientRect().top > innerHeight / 2) whole.scrollIntoView();
}

async function attempt(event, address, body, otherwise) {
  event?.preventDefault();
  if (isBusy) return;
  isBusy = true;
  document.querySelector('main').setAttribute('aria-busy', 'true');
  const given = { address, body, kept: undefined, over: undefined };
  // waiting-answers.js has it on the device before it is sent, and says so in `kept`.
  if (body) document.dispatchEvent(new CustomEvent('answer-given', { detail: given }));
  try {
    await given.kept;
    const isRead = await turn(address, body);
    given.over?.(isRead);
  } catch {
    given.over?.(false);
    otherwise();
  } finally {
    isBusy = false;
    document.querySelector('main').removeAttribute('aria-busy');
  }
}

// Let the browser send the form, with the button that was pressed.
function submit(form, button) {
  const {name, value} = button ?? {};
  if (name) form.prepend(Object.assign(document.createElement('input'), {type: 'hidden', name, value}));
  form.submit();
}

document.addEventListener('submit', event => {
  const {target: form, submitter} = event;
  if (!form.matches('form.question')) return;
  const body = new URLSearchParams(new FormData(form)), loadPage = () => submit(form, submitter);
  const address = withoutPlace(form.action);
  if (submitter?.name) body.append(submitter.name, submitter.value);
  // waiting-answers.js keeps what couldn't be sent, or what was answered before and still waits.
  const keep = detail => !document.dispatchEvent(
    new CustomEvent('answer-unsent', { detail, cancelable: true }));
  const detail = { address, body, loadPage };
  if (form.dataset.waits && keep(detail)) return event.preventDefault();
  attempt(event, address, body, () => keep(detail) || loadPage());
});

// What was said to be missing is there now, or will be said again.
document.addEventListener('change', ({ target }) => {
  target.closest('form.question')?.querySelector('[data-said]')?.remove();
});

document.addEventListener('turn-page', ({ detail: { address, otherwise } }) => {
  attempt(null, address, undefined, otherwise);
});

document.addEventListener('click', event => {
  const link = event.target.closest('[data-turn]');
  if (!link || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  attempt(event, link.href, undefined, () => location.assign(link.href));
});

// A page that was left is loaded again; a place on this page is part of it.
addEventListener('popstate', () => {
  if (withoutPlace(location.href) !== shown) location.reload();
});
}
