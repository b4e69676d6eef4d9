/* On a page that came from the device for want of a network: lead back to the quiz that is open, and let
   go of "You're offline" once the site answers again. waiting-answers.js says which questions of the
   quiz wait. Without this script, the page works as before. */
'use strict';
{
const { home } = document.documentElement.dataset, QUIZ = `learn-all ${home} quiz`;
const PAUSE = 10000; // milliseconds between attempts to find the site
const page = document.querySelector('[data-offline-page]');
const line = document.querySelector('[data-saved-page]:not([hidden])');
const toQuestion = document.querySelector('[data-back]'), toQuiz = document.querySelector('[data-continue]');
let timer;

function show(place, address) {
  place.querySelector('a').href = address;
  place.hidden = false;
}

// To the question that was left, as this page's address names it, if it is on the device.
async function leadBack(kept) {
  const mark = new URLSearchParams(location.search).get('question');
  const path = `${home}quizzes/${mark?.replace(/^(.{36})-(\d+)$/, '$1/$2')}`;
  const left = kept.find(address => new URL(address).pathname === path);
  if (!left) return;
  toQuestion.querySelector('a').textContent = toQuestion.dataset.back;
  show(toQuestion, left);
}

// To the first question that has no answer yet.
async function leadOn(cache, kept, waiting) {
  const open = kept.filter(address => !waiting.includes(address));
  const [next] = open.sort((one, other) => one.localeCompare(other, 'en', { numeric: true }));
  const text = next && await (await cache.match(next)).text();
  const [, number] = / data-number="(\d+)"/.exec(text) ?? [];
  toQuiz.hidden = true;
  if (!number) return;
  toQuiz.querySelector('[data-n]').textContent = number;
  show(toQuiz, next);
}

async function lead(waiting) {
  const cache = await caches.open(QUIZ), kept = (await cache.keys()).map(({ url }) => url);
  if (toQuestion) await leadBack(kept);
  if (toQuiz) await leadOn(cache, kept, waiting);
}

async function isBack() {
  try {
    return (await fetch(`${home}offline/sender`, { cache: 'no-store', redirect: 'error' })).ok;
  } catch {
    return false;
  }
}

// Load the page that was asked for in place of this one, not again and again; only hide a line, since
// somebody may be reading.
async function leave() {
  clearTimeout(timer);
  const [{ type } = {}] = performance.getEntriesByType('navigation');
  const mayLeave = type !== 'reload' || performance.now() > PAUSE;
  if (!mayLeave || !await isBack()) timer = setTimeout(leave, PAUSE);
  else if (line) line.hidden = true;
  else location.reload();
}

if (page || line) {
  if (window.caches) document.addEventListener('answers-wait', ({ detail }) => lead(detail).catch(() => {}));
  addEventListener('online', leave);
  if (line || location.pathname !== `${home}offline`) leave();
}
}
