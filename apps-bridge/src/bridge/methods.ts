import type { z } from "zod";

/** A question with one answer; long ones report progress and can be cancelled. */
export interface CallMethod {
  readonly kind: "call";
  readonly params: z.ZodType;
  readonly result: z.ZodType;
  /** What is told on the way; absent when the call is short. */
  readonly progress?: z.ZodType;
  /** True when asking twice changes nothing more than asking once, so that the client may ask a new core again by itself. */
  readonly idempotent: boolean;
}

/** A live value: the server sends it at once and again after every change, until the client stops. */
export interface WatchMethod {
  readonly kind: "watch";
  readonly params: z.ZodType;
  readonly value: z.ZodType;
}

/** Every method of a bridge by name. */
export type Methods = Readonly<Record<string, CallMethod | WatchMethod>>;

/** Declares the methods of a bridge, keeping their exact types. */
export function defineMethods<const M extends Methods>(methods: M): M {
  return methods;
}

/** A call that only reads, or repeats harmlessly. */
export function read<P extends z.ZodType, R extends z.ZodType>(params: P, result: R) {
  return { kind: "call", params, result, idempotent: true } as const;
}

/** A call that changes something and is therefore never repeated by itself. */
export function write<P extends z.ZodType, R extends z.ZodType>(params: P, result: R) {
  return { kind: "call", params, result, idempotent: false } as const;
}

/** A long call that tells its progress. */
export function long<P extends z.ZodType, R extends z.ZodType, G extends z.ZodType>(params: P, result: R, progress: G) {
  return { kind: "call", params, result, progress, idempotent: false } as const;
}

/** A live value. */
export function watch<P extends z.ZodType, V extends z.ZodType>(params: P, value: V) {
  return { kind: "watch", params, value } as const;
}

/** Names of the calls of a bridge. */
export type CallName<M extends Methods> = { [K in keyof M]: M[K] extends CallMethod ? K : never }[keyof M] & string;

/** Names of the live values of a bridge. */
export type WatchName<M extends Methods> = { [K in keyof M]: M[K] extends WatchMethod ? K : never }[keyof M] & string;

/** Parameters as the caller gives them. */
export type ParamsIn<M> = M extends { readonly params: infer P extends z.ZodType } ? z.input<P> : never;
/** Parameters as the handler gets them, parsed. */
export type ParamsOut<M> = M extends { readonly params: infer P extends z.ZodType } ? z.output<P> : never;
/** A result as the handler gives it. */
export type ResultIn<M> = M extends { readonly result: infer R extends z.ZodType } ? z.input<R> : never;
/** A result as the caller gets it, parsed. */
export type ResultOut<M> = M extends { readonly result: infer R extends z.ZodType } ? z.output<R> : never;
/** What a long call tells on the way. */
export type ProgressOf<M> = M extends { readonly progress: infer G extends z.ZodType } ? z.output<G> : never;
/** A live value as the handler gives it. */
export type ValueIn<M> = M extends { readonly value: infer V extends z.ZodType } ? z.input<V> : never;
/** A live value as the watcher gets it, parsed. */
export type ValueOut<M> = M extends { readonly value: infer V extends z.ZodType } ? z.output<V> : never;
