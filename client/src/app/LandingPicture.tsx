import { Mic, MicOff } from 'lucide-react';
import { Avatar } from '../ui';
import styles from './LandingPicture.module.css';

/** What a room looks like, drawn. Says nothing that the text does not. */
export function LandingPicture() {
  return (
    <div className={styles.picture} aria-hidden>
      <div className={styles.lamp} />
      <div className={styles.window}>
        <div className={styles.bar}>
          <span className={styles.room}>Linear algebra, Tuesdays</span>
          <span className={styles.people}>3 here</span>
        </div>
        <div className={styles.stage}>
          <div className={styles.strip}>
            <Tile name="Amira" seed="amira" talks />
            <Tile name="Jonas" seed="jonas" />
            <Tile name="Mei" seed="mei-2" />
          </div>
          <svg className={styles.board} viewBox="0 0 360 210" fill="none">
            <g stroke="currentColor" strokeWidth="2.2" strokeLinecap="round" className={styles.ink}>
              <path d="M52 172V40M52 172h140" />
              <path d="m47 47 5-8 5 8M185 167l8 5-8 5" />
              <path d="m52 172 92-84" className={styles.green} strokeWidth="3" />
              <path d="m134 89 11-2-2 11" className={styles.green} strokeWidth="3" />
              <path d="m52 172 118-30" className={styles.amber} strokeWidth="3" />
              <path d="m160 138 11 4-8 8" className={styles.amber} strokeWidth="3" />
              <path d="m144 90 4 54" strokeDasharray="2 7" />
              <path d="M92 137c7 6 9 13 8 22" />
            </g>
            <g className={styles.script}>
              <text x="148" y="82">
                v
              </text>
              <text x="178" y="146">
                u
              </text>
              <text x="222" y="72">
                u · v &gt; 0 ?
              </text>
              <text x="222" y="104" className={styles.struck}>
                then obtuse
              </text>
              <text x="222" y="132">
                then acute!
              </text>
            </g>
            <path
              d="M220 99c22-4 56-2 90-3"
              className={styles.red}
              strokeWidth="2.6"
              strokeLinecap="round"
            />
            <path
              d="M222 140c22 4 56 3 84-1"
              className={styles.green}
              strokeWidth="2.6"
              strokeLinecap="round"
            />
          </svg>
        </div>
        <div className={styles.chat}>
          <p>
            <b>Mei</b> why not obtuse?
          </p>
          <p>
            <b>Amira</b> look at the angle, I’ll draw it
          </p>
        </div>
      </div>
    </div>
  );
}

function Tile({ name, seed, talks = false }: { name: string; seed: string; talks?: boolean }) {
  const Icon = talks ? Mic : MicOff;
  return (
    <div className={styles.tile} data-talks={talks}>
      <Avatar name={name} seed={seed} size={34} />
      <span>
        <Icon size={12} /> <bdi>{name}</bdi>
      </span>
    </div>
  );
}
