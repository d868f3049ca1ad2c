//! The business account: restrictions, bans, reviews, capabilities, payments.

use serde_json::Value;

use crate::wire::shape::shape;

shape! {
    /// `account_update`; which parts come depends on `event`.
    AccountUpdate {
        text {
            /// `ACCOUNT_RESTRICTION`, `DISABLED_UPDATE`, `PARTNER_REMOVED`, ...
            event,
            phone_number,
            country,
        }
        part {
            violation_info: Violation,
            ban_info: Ban,
            waba_info: WabaInfo,
            disconnection_info: Disconnection,
            auth_international_rate_eligibility: RateEligibility,
            volume_tier_info: VolumeTier,
            partner_client_certification_info: Certification,
        }
        list { restriction_info: Restriction }
    }
    Violation {
        text { violation_type }
    }
    Restriction {
        text {
            /// `RESTRICTED_BIZ_INITIATED_MESSAGING` and its like: what is forbidden.
            restriction_type,
            remediation,
        }
        time { expires_at as "expiration" }
    }
    Ban {
        text {
            /// `SCHEDULE_FOR_DISABLE`, `DISABLE`, `REINSTATE`.
            state as "waba_ban_state",
            /// In words: `April 17, 2025`.
            date as "waba_ban_date",
        }
    }
    WabaInfo {
        text {
            waba_id,
            owner_business_id,
            partner_app_id,
            solution_id,
            ad_account_linked,
        }
        list { solution_partner_business_ids: Value }
    }
    Disconnection {
        text {
            /// `PRIMARY_INACTIVITY`, `CHANGE_NUMBER`, `USER_RE_REGISTERED`, ...
            reason,
            /// `USER` or `SYSTEM`.
            initiated_by,
        }
    }
    RateEligibility {
        time { start_time }
        list { exception_countries: RateException }
    }
    RateException {
        text { country_code }
        time { start_time }
    }
    /// Several may come; the one with the smallest time holds.
    VolumeTier {
        text {
            pricing_category,
            /// `min:max`.
            tier,
            /// `YYYY-MM`.
            effective_month,
            region,
        }
        time { at as "tier_update_time" }
    }
    Certification {
        text { client_business_id, status }
        list { rejection_reasons: Value }
    }
    /// `account_alerts`.
    AccountAlert {
        text { entity_type, entity_id }
        part { alert_info: AlertInfo }
    }
    AlertInfo {
        text {
            /// `CRITICAL`, `WARNING`, `INFORMATIONAL`.
            severity as "alert_severity",
            status as "alert_status",
            kind as "alert_type",
            description as "alert_description",
        }
    }
    /// `account_review_update`: `APPROVED`, `REJECTED`, `PENDING`, `DEFERRED`.
    AccountReview {
        text { decision }
    }
    /// `account_settings_update`.
    AccountSettings {
        text { kind as "type" }
        time { at as "timestamp" }
        part { phone_number_settings: NumberSettings }
    }
    NumberSettings {
        text { phone_number_id }
        part { calling: CallingSettings }
    }
    CallingSettings {
        text { status, call_icon_visibility, callback_permission_status }
    }
    /// `business_capability_update`.
    BusinessCapability {
        text {
            /// `TIER_2K`, or a number; `-1` is unlimited.
            max_daily_conversations_per_business,
        }
        int {
            max_phone_numbers_per_business,
            max_phone_numbers_per_waba,
            max_daily_conversation_per_phone,
        }
    }
    /// `partner_solutions`.
    PartnerSolution {
        text { event, solution_id, solution_status }
    }
    /// `payment_configuration_update`.
    PaymentConfiguration {
        text { configuration_name, provider_name, provider_mid, status }
        time { created_at as "created_timestamp", updated_at as "updated_timestamp" }
    }
}
