import { addCategory, company, leavingDevice, loseMembership, otherCompany } from "./leaving.ts";

/**
 * Runs one seed: a person records some changes, is taken out of the company, and the process may end while its books are being removed. Throws unless no
 * row of the company is left on the device, every unsent change is kept for export, and no other company's books are gone.
 */
export async function runLeaving(seed: number): Promise<void> {
  const device = leavingDevice();
  try {
    const core = await device.start();
    const names = Array.from({ length: 1 + (seed % 5) }, (_, index) => `category ${seed}.${index}`);
    for (const name of names) await addCategory(core, name);
    device.failAtRemoval = seed % 3 === 0;
    await loseMembership(device, core, seed % 2 === 0 ? [otherCompany] : []);
    device.failAtRemoval = false;
    await core.close();
    const next = await device.start();
    if (device.hasBooksOf(company)) throw new Error("rows of a lost company are left");
    const [entry] = await device.setAside.list();
    let text = "";
    for await (const piece of device.setAside.read(entry?.id ?? "")) text += piece;
    for (const name of names) if (!text.includes(name)) throw new Error("an unsent change is not kept");
    if (entry?.changes !== names.length) throw new Error("the number of unsent changes is another");
    if (next.session().workspace?.id === company.id) throw new Error("a lost company is open");
  } finally {
    await device.close();
  }
}
