import { idsOfScope, scopeOfDevice, shapes, type DeviceScope, type ShapeDeclaration } from "@saldo/schema";
import { quoted } from "../mutations/table-sql.ts";
import type { FixedShape } from "./shape-source.ts";

const byName: ReadonlyMap<string, ShapeDeclaration> = new Map(shapes.map((shape) => [shape.name, shape]));

/** A registered shape by its name. */
export function registeredShape(name: string): ShapeDeclaration | undefined {
  return byName.get(name);
}

/** A registered shape narrowed to one scope. */
export function fixShape({ name, scopeColumns, columns }: ShapeDeclaration, scope: string): FixedShape {
  return { table: quoted(name), where: scopeSql(scopeColumns), params: idsOfScope(scope), columns };
}

/** That rows are of a scope whose ids are the parameters after so many others. */
export function scopeSql(scopeColumns: readonly string[], parametersBefore = 0): string {
  return scopeColumns.map((column, index) => `${quoted(column)} = $${parametersBefore + index + 1}`).join(" and ");
}

/** The shapes one device reads, by name. */
export function shapesOfDevice(scope: DeviceScope): readonly { readonly name: string; readonly shape: FixedShape }[] {
  return shapes.map((shape) => ({ name: shape.name, shape: fixShape(shape, scopeOfDevice(shape.scopeKind, scope)) }));
}
