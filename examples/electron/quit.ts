import type { Mesh } from 'cablecar';
import type { App } from 'electron';

/** Holds up the end of the application until the mesh has sent what it still has, and said goodbye. */
export function closeBeforeQuit(app: App, mesh: Pick<Mesh, 'close'>): void {
  let closing: Promise<void> | undefined;
  let isClosed = false;
  app.on('before-quit', (event) => {
    if (isClosed) return;
    event.preventDefault();
    closing ??= mesh.close().then(() => {
      isClosed = true;
      app.quit();
    });
  });
}
