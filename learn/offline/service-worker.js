/* Open the course without a network. The site sends this file with COURSE above it: the version of
   the course, its pages and files, and the addresses that are named below.

   The network always comes first, so that people read the newest text and the site knows what they
   read. What is kept is what everybody gets: it is fetched without cookies. */
'use strict';
const OURS = `learn-all ${COURSE.home} `; // another site below the same host has caches, too
const NEWEST = `${OURS}course ${COURSE.version} ${COURSE.corrected}`;
const QUIZ = `${OURS}quiz`;
const PATIENCE = 4000; // milliseconds to wait for a page that is kept
const quiz = new RegExp(`^${COURSE.home}quizzes/[0-9a-f-]{36}/\\d+$`);
let filling, isComplete = false, isFull = false;

const whole = address => new URL(address, location).href;
const names = async () => (await caches.keys()).filter(name => name.startsWith(`${OURS}course `));

async function keep(cache, address) {
  const answer = await fetch(address, { credentials: 'omit', redirect: 'error' });
  if (!answer.ok) throw new TypeError(`no page at ${address}`);
  await cache.put(address, answer);
}

// Keep what is missing, one after the other: what was kept before the network went away stays.
async function fill(addresses) {
  const cache = await caches.open(NEWEST);
  const kept = new Set((await cache.keys()).map(({ url }) => url));
  for (const address of addresses) if (!kept.has(whole(address))) await keep(cache, address);
}

async function fillAll() {
  if (isFull) return;
  try {
    if (!isComplete) await fill([...COURSE.first, ...COURSE.rest]);
    isComplete = true;
    await tidy();
  } catch (error) {
    isFull = error.name === 'QuotaExceededError';
  }
}

// Let go of an older course once the newer one is whole, but not in the middle of a quiz. After a
// correction for safety, let go of it at once.
async function tidy() {
  const kept = await names(); // in the order in which they were begun
  const older = kept.slice(0, Math.max(0, kept.indexOf(NEWEST))); // a newer worker may be at it, too
  if (!older.length) return;
  const open = await clients.matchAll({ type: 'window', includeUncontrolled: true });
  const isInQuiz = open.some(({ url }) => new URL(url).pathname.startsWith(`${COURSE.home}quizzes/`));
  for (const name of older) {
    const isUnsafe = !name.endsWith(` ${COURSE.corrected}`);
    if (isUnsafe || (isComplete && !isInQuiz)) await caches.delete(name);
  }
}

// One at a time, also when pages are opened meanwhile.
const fillOnce = () => filling ??= fillAll().finally(() => { filling = null; });

async function find(request) {
  const { origin, pathname } = new URL(request.url);
  for (const cacheName of [QUIZ, ...await names()]) {
    const options = { cacheName, ignoreVary: true }; // to open one begins it anew if it was let go of
    const kept = await caches.match(request.url, options)
      ?? await caches.match(origin + pathname, options);
    if (kept) return kept;
  }
  return undefined;
}

// A page that has a place for it says when it was kept.
async function dated(kept) {
  if (new URL(kept.url).pathname !== COURSE.help) return kept;
  const day = new Date(kept.headers.get('Date') ?? Date.now());
  const words = day.toLocaleDateString(COURSE.language, { dateStyle: 'long' });
  const page = (await kept.text()).replace(' hidden data-saved-page>', ' data-saved-page>')
    .replace('<time></time>', () => `<time>${words}</time>`);
  const { 'content-encoding': _, 'content-length': __, ...headers } = Object.fromEntries(kept.headers);
  return new Response(page, { headers });
}

async function openPage(event) {
  const { request } = event, isPage = request.mode === 'navigate';
  const asked = Promise.resolve(event.preloadResponse).then(early => early ?? fetch(request));
  asked.catch(() => {}); // it may come after the kept page was shown
  const kept = await find(request).catch(() => undefined);
  const late = new Promise((_, reject) => { if (kept) setTimeout(reject, PATIENCE); });
  try {
    const answer = await Promise.race([asked, late]);
    if (!kept || answer.status < 502) return answer; // not what a proxy says without the site
  } catch (error) {
    if (!kept && !isPage) throw error;
  }
  return kept ? dated(kept) : await caches.match(COURSE.offline) ?? Response.error();
}

// The address of a file names what is in it, so that a kept one is never out of date.
const openFile = async request => await find(request).catch(() => undefined) ?? fetch(request);

addEventListener('install', event => event.waitUntil(fill(COURSE.first).then(() => skipWaiting())));

addEventListener('activate', event => event.waitUntil(Promise.all([
  registration.navigationPreload?.enable(), clients.claim(), tidy(),
]).catch(() => {})));

addEventListener('fetch', event => {
  const { request } = event, { origin, pathname, search } = new URL(request.url);
  if (request.method !== 'GET' || origin !== location.origin) return;
  if (pathname === COURSE.offline && search === '?keep') {
    event.respondWith(fillOnce().then(() => new Response(null, { status: 204 })));
  } else if (request.mode === 'navigate' || pathname === COURSE.offline || quiz.test(pathname)) {
    event.respondWith(openPage(event));
  } else if (pathname.startsWith(COURSE.files)) {
    event.respondWith(openFile(request));
  }
});
