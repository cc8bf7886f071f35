import { useEffect, useState } from '../web/html.js';
import { request } from '../web/api.js';

/** Files that take a key: no address alone shows them, so they are fetched and shown or saved from here. */

/** `{ url, error }` of a file; `url` lives as long as the component. */
export function useFile(path) {
  const [file, setFile] = useState({});
  useEffect(() => {
    if (!path) return undefined;
    let url = null;
    const leaving = new AbortController();
    request('GET', path, { accept: '*/*', signal: leaving.signal }).then((response) => response.blob()).then((blob) => {
      url = URL.createObjectURL(blob);
      setFile({ url });
    }).catch((error) => !leaving.signal.aborted && setFile({ error }));
    return () => {
      leaving.abort();
      if (url) URL.revokeObjectURL(url);
      setFile({});
    };
  }, [path]);
  return file;
}

/** Hands a file to whoever looks. */
export function save(blob, name) {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
