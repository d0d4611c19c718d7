import { z } from "zod";
import { SaldoError } from "../errors/saldo-error.ts";
import { bytesOfBase64 } from "./base64.ts";
import { field } from "./fields.ts";
import { logoBytesMax } from "./limits.ts";
import { defineMutation } from "./mutation.ts";

/** First bytes of the picture formats a logo may have: PNG and JPEG, which PDF and Excel embed as they are. */
const signatures: readonly (readonly number[])[] = [
  [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a],
  [0xff, 0xd8, 0xff],
];

function logoOf(base64: string): Uint8Array {
  const bytes = bytesOfBase64(base64);
  const known = signatures.some((signature) => signature.every((byte, index) => bytes[index] === byte));
  if (!known || bytes.byteLength > logoBytesMax) throw new SaldoError("mutation.invalid_arguments", { field: "logo", logoBytesMax });
  return bytes;
}

/** Says how the company's exports look; what is not named stays, `logo: null` takes the logo away. A workspace has one brand, under its own id. */
export const brandUpdate = defineMutation({
  name: "brand.update",
  version: 1,
  permission: "manage",
  args: z.strictObject({
    companyName: field.name.optional(),
    /** `#rrggbb`. */
    colour: z.string().regex(/^#[0-9a-f]{6}$/).optional(),
    /** PNG or JPEG, base64. */
    logo: z.base64().nullable().optional(),
    updatedAt: field.instant,
  }),
  async run(rows, { companyName, colour, logo, updatedAt }, { workspaceId }) {
    const picture = typeof logo === "string" ? logoOf(logo) : logo;
    const company = await rows.get("workspace", workspaceId);
    if ((await rows.get("brand", workspaceId)) === undefined) {
      await rows.insert("brand", { id: workspaceId, workspaceId, companyName: companyName ?? company?.name ?? "", colour: colour ?? defaultColour, logo: picture ?? null, updatedAt });
      return;
    }
    await rows.patch("brand", workspaceId, {
      ...(companyName === undefined ? {} : { companyName }),
      ...(colour === undefined ? {} : { colour }),
      ...(picture === undefined ? {} : { logo: picture }),
      updatedAt,
    });
  },
});

/** The product's own accent, until a company chooses one. */
const defaultColour = "#1f6f5c";
