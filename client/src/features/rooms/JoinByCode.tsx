import { useState } from 'react';
import { useLocation } from 'wouter';
import { Button, Field } from '../../ui';
import { parseRoomRef, roomPath } from './roomRef';
import styles from './JoinByCode.module.css';

export function JoinByCode() {
  const [typed, setTyped] = useState('');
  const [wrong, setWrong] = useState<string>();
  const [, go] = useLocation();

  return (
    <form
      className={styles.form}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        const ref = parseRoomRef(typed);
        if (ref) go(roomPath(ref));
        else setWrong('That is neither a room code nor a link to a room.');
      }}
    >
      <Field
        label="Room code or link"
        className={styles.field}
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
        value={typed}
        error={wrong}
        onChange={(event) => {
          setTyped(event.target.value);
          setWrong(undefined);
        }}
      />
      <Button type="submit" look="outline" className={styles.button}>
        Join
      </Button>
    </form>
  );
}
