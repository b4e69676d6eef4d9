/* Sent in place of the service worker where LEARN_OFFLINE is off: let go of all that is kept. Answers
   that wait are still sent by the next page; without any, their database goes, too. */
'use strict';
const letGo = () => new Promise(done => {
  const name = `learn-all ${COURSE.home}`, asked = indexedDB.open(name);
  asked.onupgradeneeded = () => asked.transaction.abort(); // there was none
  asked.onerror = done;
  asked.onsuccess = () => {
    const count = asked.result.transaction('answers').objectStore('answers').count();
    count.onsuccess = () => {
      asked.result.close();
      if (!count.result) indexedDB.deleteDatabase(name);
      done();
    };
  };
});
addEventListener('install', () => skipWaiting());
addEventListener('activate', event => event.waitUntil((async () => {
  for (const name of await caches.keys()) {
    if (name.startsWith(`learn-all ${COURSE.home} `)) await caches.delete(name);
  }
  await letGo().catch(() => {});
  await registration.unregister();
})()));
