import { Menu, UnstyledButton } from '@mantine/core';
import { IconChevronDown } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';

import type { Customer } from '../api';
import styles from './Phone.module.css';

interface Props {
  customers: Customer[];
  customer: Customer;
  onPick: (id: string) => void;
}

/** Whose phone it is, and the choice of another. */
export function Customers({ customers, customer, onPick }: Props) {
  const { t } = useTranslation();
  return (
    <Menu position="bottom-start" width="target" withinPortal={false}>
      <Menu.Target>
        <UnstyledButton className={styles.whose}>
          <Who customer={customer} />
          <span className={styles.hidden}>{t('demo.phone.pick')}</span>
          <IconChevronDown size={18} aria-hidden />
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        {customers.map((other) => (
          <Menu.Item key={other.id} onClick={() => onPick(other.id)}>
            <Who customer={other} />
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

function Who({ customer }: { customer: Customer }) {
  const { t } = useTranslation();
  return (
    <span className={styles.who}>
      <span className={styles.face} aria-hidden="true">
        {customer.name.slice(0, 1)}
      </span>
      <span className={styles.names}>
        <strong>{customer.name}</strong>
        <small>
          {customer.phone ?? t('demo.phone.hidden')}
          {' · '}
          {t(customer.known ? 'demo.phone.known' : 'demo.phone.unknown')}
        </small>
      </span>
    </span>
  );
}
