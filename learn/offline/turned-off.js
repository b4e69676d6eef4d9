/* Sent in place of the service worker where LEARN_OFFLINE is off: let go of all that is kept. */
'use strict';
addEventListener('install', () => skipWaiting());
addEventListener('activate', event => event.waitUntil((async () => {
  for (const name of await caches.keys()) {
    if (name.startsWith(`learn-all ${COURSE.home} `)) await caches.delete(name);
  }
  await registration.unregister();
})()));
