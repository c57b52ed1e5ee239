import { Link } from 'wouter';
import { Logo } from '../ui';
import styles from './Brand.module.css';

export function Brand() {
  return (
    <Link href="/" className={styles.brand}>
      <Logo size={30} />
      StudyRooms
    </Link>
  );
}
