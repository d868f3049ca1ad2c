//! Nodes of the graph that we read: number, account, app, token.

use serde_json::Value;

use super::shape::shape;

shape! {
    /// A business number.
    NumberInfo {
        text {
            id,
            display_phone_number,
            verified_name,
            /// `GREEN`, `YELLOW`, `RED`, `NA`, `UNKNOWN`.
            quality_rating,
            /// Must be `CONNECTED`.
            status,
            name_status,
            code_verification_status,
            /// `CLOUD_API`, `ON_PREMISE`, `NOT_APPLICABLE`.
            platform_type,
            /// `LIVE` or `SANDBOX`.
            account_mode,
            /// `TIER_250`, `TIER_2K`, ..., of the business portfolio.
            whatsapp_business_manager_messaging_limit,
            username,
        }
        flag { is_official_business_account, is_pin_enabled, is_on_biz_app }
        part {
            throughput: Throughput,
            webhook_configuration: WebhookConfiguration,
            health_status: HealthStatus,
        }
    }
    Throughput {
        text {
            /// `STANDARD` (80 messages a second), `HIGH` (1,000), `NOT_APPLICABLE`.
            level,
        }
    }
    /// Where webhooks of the field `messages` go; the narrowest one counts.
    WebhookConfiguration {
        text { phone_number, whatsapp_business_account, application }
    }
    HealthStatus {
        text {
            /// `AVAILABLE`, `LIMITED`, `BLOCKED`: that of the worst entity.
            can_send_message,
        }
        list { entities: HealthEntity }
    }
    HealthEntity {
        text { entity_type, id, can_send_message }
        list { additional_info: Value, errors: HealthError }
    }
    HealthError {
        text { error_description, possible_solution }
        int { error_code }
    }
    /// A WhatsApp business account.
    WabaInfo {
        text {
            id,
            name,
            currency,
            timezone_id,
            country,
            status,
            account_review_status,
            business_verification_status,
            ownership_type,
            message_template_namespace,
            marketing_messages_onboarding_status,
        }
        part { owner_business_info: Owner, health_status: HealthStatus }
    }
    Owner {
        text { id, name }
    }
    /// A Meta app.
    AppInfo {
        text { id, name, link, category }
    }
    /// An app that receives the account's webhooks.
    SubscribedApp {
        text { id, name, link, override_callback_uri }
    }
    /// `GET /{app}/subscriptions`: where an app's webhooks go.
    AppSubscription {
        text { object, callback_url }
        flag { active }
        list { fields: SubscribedField }
    }
    SubscribedField {
        text { name, version }
    }
    /// `GET /debug_token`.
    TokenInfo {
        text { app_id, application, kind as "type", user_id }
        flag { is_valid }
        time {
            issued_at,
            /// `None` when it never ends.
            expires_at,
            data_access_expires_at,
        }
        part { error: TokenError }
        list { scopes: String, granular_scopes: GranularScope }
    }
    TokenError {
        text { message }
        int { code, subcode }
    }
    /// A scope, and the assets it is limited to; none named means all.
    GranularScope {
        text { scope }
        list { target_ids: String }
    }
}

impl TokenInfo {
    pub fn has_scope(&self, scope: &str) -> bool {
        self.scopes.iter().any(|held| held == scope)
    }
}
