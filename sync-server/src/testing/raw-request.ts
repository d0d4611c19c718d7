import { connect } from "node:net";

/** Sends one request exactly as written, as no client library would, and gives the answer as it came. */
export function sendRaw(url: string, method: string, target: string, headers: readonly string[] = []): Promise<string> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    let text = "";
    const socket = connect(Number(port), hostname, () => {
      socket.write(`${method} ${target} HTTP/1.1\r\nHost: ${hostname}\r\nConnection: close\r\nContent-Length: 0\r\n${headers.map((line) => `${line}\r\n`).join("")}\r\n`);
    });
    socket.on("data", (chunk) => (text += String(chunk)));
    socket.on("close", () => resolve(text));
    socket.on("error", reject);
  });
}

/** Ways to write a path under `/v1/` that some guard somewhere took for another path. */
export function spellings(path: string): readonly string[] {
  return [
    path.replace("/v1/", "/v1//"),
    `/${path}`,
    path.replace("/v1/", "/%76%31/"),
    path.replace(/^\/v1\/(.)/, (_, letter: string) => `/v1/%${letter.charCodeAt(0).toString(16)}`),
    path.replace("/v1/", "/v1%2F"),
    path.replace("/v1/", "/v1/./"),
    path.replace("/v1/", "/x/../v1/"),
    path.replace("/v1/", "/v1/x/%2e%2e/"),
    path.replace("/v1/", "/V1/"),
    path.replace("/v1/", "/v1;x/"),
    path.replace("/v1/", "\\v1\\"),
    `${path}/`,
    `${path}//`,
    `${path}/.`,
    `${path}%2Ft`,
    `${path};x`,
    `${path}?x`,
    `${path}%00`,
    `${path}%3F`,
    `http://elsewhere.test${path}`,
    `http://elsewhere.test/x/..${path}`,
  ];
}
