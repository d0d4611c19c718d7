import { shapes, type ShapeDeclaration } from "@saldo/schema";
import { quoted } from "../mutations/table-sql.ts";
import type { FixedShape } from "./shape-source.ts";

const byName: ReadonlyMap<string, ShapeDeclaration> = new Map(shapes.map((shape) => [shape.name, shape]));

/** A registered shape by its name. */
export function registeredShape(name: string): ShapeDeclaration | undefined {
  return byName.get(name);
}

/** A registered shape narrowed to one scope. */
export function fixShape(shape: ShapeDeclaration, scopeId: string): FixedShape {
  return { table: quoted(shape.name), where: `${quoted(shape.scopeColumn)} = $1`, params: [scopeId], columns: shape.columns };
}

/** A device, and the person and workspace it is of. */
export interface DeviceScope {
  readonly workspaceId: string;
  readonly userId: string;
  readonly clientId: string;
}

/** The id a shape is narrowed to for one device. */
export function scopeIdOf({ scopeKind }: ShapeDeclaration, { workspaceId, userId, clientId }: DeviceScope): string {
  const scopeIds: Readonly<Record<ShapeDeclaration["scopeKind"], string>> = { workspace: workspaceId, user: userId, device: clientId };
  return scopeIds[scopeKind];
}

/** The shapes one device reads, by name. */
export function shapesOfDevice(scope: DeviceScope): readonly { readonly name: string; readonly shape: FixedShape }[] {
  return shapes.map((shape) => ({ name: shape.name, shape: fixShape(shape, scopeIdOf(shape, scope)) }));
}
