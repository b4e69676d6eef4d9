/* Keep the course on the device once the page is shown, so that it opens without a network. The
   service worker does it; without one, or without room, the site works as it does today. */
'use strict';
{
const { dataset } = document.documentElement, workers = navigator.serviceWorker;
const isApp = () => matchMedia('(display-mode: standalone)').matches;

async function keep() {
  try {
    await workers.register(dataset.worker);
    await workers.ready;
    if (!workers.controller) {
      await new Promise(done => workers.addEventListener('controllerchange', done, { once: true }));
    }
    if (!navigator.connection?.saveData) await fetch(`${dataset.home}offline?keep`);
  } catch { /* a private window, a full disk, or no network: the next page tries again */ }
}

const whenIdle = act => window.requestIdleCallback?.(act) ?? setTimeout(act, 1000);
// Where the site has turned it off, the worker that it sends instead lets go of all that is kept.
const letGo = async () => (await workers.getRegistration())?.update().catch(() => {});

if (workers && !dataset.worker) whenIdle(letGo);
else if (workers && ('keepsCourse' in dataset || isApp())) {
  if (document.readyState === 'complete') whenIdle(keep);
  else addEventListener('load', () => whenIdle(keep));
}
}
