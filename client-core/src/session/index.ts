export { signIn, signOut, signUp, type OpenedSession, type SessionKind, type SignInRequest, type SignUpRequest } from "./session.ts";
