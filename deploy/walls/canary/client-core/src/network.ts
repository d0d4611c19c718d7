// rejects: eslint(no-restricted-globals)
export const ask = (url: string): Promise<Response> => fetch(url);
