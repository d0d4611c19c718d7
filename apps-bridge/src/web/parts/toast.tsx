import { createContext, use, useCallback, useEffect, useMemo, useRef, useState, type ReactNode } from "react";

/** How long a message with its way back stays. */
const toastMs = 10_000;

interface Toast {
  readonly id: number;
  readonly text: string;
  readonly action: { readonly label: string; run(): void } | undefined;
}

type ShowToast = (text: string, action?: { readonly label: string; run(): void }) => void;

const ToastContext = createContext<ShowToast | undefined>(undefined);

/** One message at a time at the foot of the page; it waits while it is pointed at or focused. */
export function ToastProvider({ children }: { readonly children: ReactNode }) {
  const [toast, setToast] = useState<Toast>();
  const [held, setHeld] = useState(false);
  const nextId = useRef(1);
  const show = useCallback<ShowToast>((text, action) => {
    setHeld(false);
    setToast({ id: nextId.current++, text, action });
  }, []);
  useEffect(() => {
    if (toast === undefined || held) return;
    const timer = setTimeout(() => setToast(undefined), toastMs);
    return () => clearTimeout(timer);
  }, [toast, held]);
  const hold = useMemo(
    () => ({
      onMouseEnter: () => setHeld(true),
      onMouseLeave: () => setHeld(false),
      onFocus: () => setHeld(true),
      onBlur: () => setHeld(false),
    }),
    [],
  );
  return (
    <ToastContext value={show}>
      {children}
      <div className="toast-place" role="status" aria-live="polite">
        {toast !== undefined && (
          <div className="toast" key={toast.id} {...hold}>
            <span>{toast.text}</span>
            {toast.action !== undefined && (
              <button
                type="button"
                onClick={() => {
                  setToast(undefined);
                  toast.action?.run();
                }}
              >
                {toast.action.label}
              </button>
            )}
          </div>
        )}
      </div>
    </ToastContext>
  );
}

/** Shows a message. Throws outside of its provider. */
export function useToast(): ShowToast {
  const show = use(ToastContext);
  if (show === undefined) throw new Error("no toasts around this component");
  return show;
}
