import { Center, Stack, Text, Title } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';

export function NotFound() {
  const { t } = useTranslation();
  return (
    <Center p="xl" flex={1}>
      <Stack align="center" gap="xs">
        <Title order={1} size="h2">
          {t('missing.title')}
        </Title>
        <Text c="dimmed">{t('missing.text')}</Text>
        <Link to="/">{t('missing.back')}</Link>
      </Stack>
    </Center>
  );
}
