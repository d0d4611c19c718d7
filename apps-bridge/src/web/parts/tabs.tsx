import { Link } from "../state/route.tsx";

/** Parts of a list, each with its number; which one is shown stands in the address. */
export function Tabs<Value extends string>({
  label,
  value,
  options,
}: {
  readonly label: string;
  readonly value: Value;
  readonly options: readonly { readonly value: Value; readonly text: string; readonly count: number; readonly href: string }[];
}) {
  return (
    <nav className="tabs" aria-label={label}>
      {options.map((option, index) => (
        <Link key={option.value} href={option.href} aria-current={option.value === value ? "page" : undefined}>
          {option.text} {index === 0 ? <span className="count">{option.count}</span> : option.count}
        </Link>
      ))}
    </nav>
  );
}
