import { useEffect, useState } from 'react';
import { Check, Link as LinkIcon } from 'lucide-react';
import { inviteLink } from '../../features/rooms';
import { copyText, cx, Dialog, Field } from '../../ui';
import styles from './TopBar.module.css';

export function CopyInvite({ code }: { code: string }) {
  const [copied, setCopied] = useState(false);
  const [showing, setShowing] = useState(false);
  const link = inviteLink(code);

  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), 2_500);
    return () => clearTimeout(timer);
  }, [copied]);

  return (
    <>
      <button
        type="button"
        className={cx(styles.tool, copied && styles.done)}
        aria-label="Copy invite link"
        title="Copy invite link"
        onClick={() => {
          void copyText(link).then((worked) => (worked ? setCopied(true) : setShowing(true)));
        }}
      >
        {copied ? <Check size={18} aria-hidden /> : <LinkIcon size={18} aria-hidden />}
        <span className={styles.toolText}>{copied ? 'Link copied' : 'Copy invite link'}</span>
      </button>
      <span className="visually-hidden" aria-live="polite">
        {copied && 'Link copied'}
      </span>
      {showing && (
        <Dialog title="Invite someone" onClose={() => setShowing(false)}>
          <Field
            label="Send them this link"
            autoFocus
            readOnly
            value={link}
            onFocus={(event) => event.target.select()}
          />
        </Dialog>
      )}
    </>
  );
}
