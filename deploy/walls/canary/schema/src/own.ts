// accepts
export const answer = 42;
