// Part of the service worker: when the network is back, whichever page is open is told to sync. With none open nothing can be sent (the books
// belong to the page), and the browser is not asked to try again: changes leave when the app is next opened.
self.addEventListener("sync", (event) => {
  if (event.tag !== "saldo-sync") return;
  event.waitUntil(tellPages(event.tag));
});

async function tellPages(tag) {
  for (const page of await self.clients.matchAll({ type: "window", includeUncontrolled: true })) page.postMessage(tag);
}
