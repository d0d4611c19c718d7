// rejects: typescript(switch-exhaustiveness-check)
export function word(kind: "in" | "out"): string {
  switch (kind) {
    case "in":
      return "income";
  }
  return "";
}
