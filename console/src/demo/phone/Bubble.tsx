import { IconPhoto } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';

import { useFormat } from '../../i18n/useFormat';
import type { PhoneMessage } from '../api';
import styles from './Bubble.module.css';
import { Place } from './Place';
import { TickMark } from './TickMark';

/** One message of the chat; the customer's own stand on the right. */
export function Bubble({ message }: { message: PhoneMessage }) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <article className={styles.bubble} data-from={message.from} data-kind={message.kind}>
      <span className={styles.speaker}>{t(`demo.phone.${message.from}`)}</span>
      <Content message={message} />
      {message.text && <p className={styles.text}>{message.text}</p>}
      {message.error && <p className={styles.error}>{message.error}</p>}
      <span className={styles.foot}>
        <time dateTime={new Date(message.at).toISOString()}>{format.time(message.at)}</time>
        {message.ticks && <TickMark ticks={message.ticks} />}
      </span>
    </article>
  );
}

function Content({ message }: { message: PhoneMessage }) {
  const { t } = useTranslation();
  const { kind, latitude, longitude, mediaUrl } = message;
  if (kind === 'location' && latitude != null && longitude != null) {
    return <Place latitude={latitude} longitude={longitude} />;
  }
  if (kind === 'image' && mediaUrl) {
    return <img className={styles.picture} src={mediaUrl} alt={t('demo.phone.picture')} />;
  }
  if (kind === 'image') {
    return (
      <span className={styles.blank}>
        <IconPhoto size={32} stroke={1.5} aria-hidden />
        {t('demo.phone.picture')}
      </span>
    );
  }
  if (message.text) return null;
  return <p className={styles.text}>{t('demo.phone.kind', { kind })}</p>;
}
