//! Every webhook field but plain messages and statuses.

#[rustfmt::skip]
const ITEMS: &[(&str, &[&str])] = &[
    ("account_alerts", &[
        "other account_alerts/ - 1750000000000 AccountAlert(AccountAlert { entity_type: ('BUSINESS'), entity_id: ('506900000000001'), alert_info: (AlertInfo { severity: ('INFORMATIONAL'), status: ('NONE'), kind: ('OBA_APPROVED'), description: ('Approved.') }) })",
    ]),
    ("account_review_update", &[
        "other account_review_update/ - 1750000000000 AccountReview(AccountReview { decision: ('APPROVED') })",
    ]),
    ("account_settings_update", &[
        "other account_settings_update/ 106540000000001 1750000000000 AccountSettings(AccountSettings { kind: ('PHONE_NUMBER_SETTINGS'), at: (UnixMs(1750000000000)), phone_number_settings: (NumberSettings { phone_number_id: ('106540000000001'), calling: (CallingSettings { status: ('ENABLED'), call_icon_visibility: ('DEFAULT') }) }) })",
    ]),
    ("account_update", &[
        "other account_update/ - 1750000000000 AccountUpdate(AccountUpdate { event: ('ACCOUNT_RESTRICTION'), restriction_info: [Restriction { restriction_type: ('RESTRICTED_BIZ_INITIATED_MESSAGING'), expires_at: (UnixMs(1750600000000)) }, Restriction { restriction_type: ('RESTRICTED_ADD_PHONE_NUMBER_ACTION'), remediation: ('Ask for a review'), expires_at: (UnixMs(1750600000000)) }] })",
    ]),
    ("account_update_ban", &[
        "other account_update/ - 1750000000000 AccountUpdate(AccountUpdate { event: ('DISABLED_UPDATE'), ban_info: (Ban { state: ('SCHEDULE_FOR_DISABLE'), date: ('April 17, 2026') }) })",
    ]),
    ("account_update_certification", &[
        "other account_update/ - 1750000000000 AccountUpdate(AccountUpdate { event: ('PARTNER_CLIENT_CERTIFICATION_STATUS_UPDATE'), partner_client_certification_info: (Certification { client_business_id: ('506900000000002'), status: ('FAILED'), rejection_reasons: [String('ADDRESS_NOT_MATCHING')] }) })",
    ]),
    ("account_update_partner", &[
        "other account_update/ - 1750000000000 AccountUpdate(AccountUpdate { event: ('PARTNER_REMOVED'), waba_info: (WabaInfo { waba_id: ('102290000000001'), owner_business_id: ('506900000000001'), partner_app_id: ('634000000000001') }), disconnection_info: (Disconnection { reason: ('PRIMARY_INACTIVITY'), initiated_by: ('SYSTEM') }) })",
    ]),
    ("account_update_rate", &[
        "other account_update/ - 1750000000000 AccountUpdate(AccountUpdate { event: ('AUTH_INTL_PRICE_ELIGIBILITY_UPDATE'), auth_international_rate_eligibility: (RateEligibility { start_time: (UnixMs(1750000000000)), exception_countries: [RateException { country_code: ('ID'), start_time: (UnixMs(1750000000000)) }] }) })",
    ]),
    ("account_update_tier", &[
        "other account_update/ - 1750000000000 AccountUpdate(AccountUpdate { event: ('VOLUME_BASED_PRICING_TIER_UPDATE'), volume_tier_info: (VolumeTier { pricing_category: ('UTILITY'), tier: ('0:100000'), effective_month: ('2026-11'), region: ('Mexico'), at: (UnixMs(1750000000000)) }) })",
    ]),
    ("account_update_violation", &[
        "other account_update/ - 1750000000000 AccountUpdate(AccountUpdate { event: ('ACCOUNT_VIOLATION'), phone_number: ('15550009999'), violation_info: (Violation { violation_type: ('ALCOHOL') }) })",
    ]),
    ("automatic_events", &[
        "other automatic_events/automatic_events 106540000000001 ? AutomaticEvent(AutomaticEvent { wamid: ('wamid.HBgLMTU1NTAwMDExMTEVAgASGBQzQTAwMDAwMDAwMDAwMDAwMDI1OQA='), event_name: ('LeadSubmitted'), ctwa_clid: ('ARAk'), at: (UnixMs(1750000000000)) })",
        "other automatic_events/automatic_events 106540000000001 ? AutomaticEvent(AutomaticEvent { wamid: ('wamid.HBgLMTU1NTAwMDExMTEVAgASGBQzQTAwMDAwMDAwMDAwMDAwMDI1QQA='), event_name: ('Purchase'), ctwa_clid: ('ARAk'), at: (UnixMs(1750000001000)), custom_data: (Purchase { currency: ('USD'), value: ('12.5') }) })",
    ]),
    ("business_capability_update", &[
        "other business_capability_update/ - 1750000000000 BusinessCapability(BusinessCapability { max_daily_conversations_per_business: ('-1'), max_phone_numbers_per_business: (20), max_phone_numbers_per_waba: (20), max_daily_conversation_per_phone: (2000) })",
    ]),
    ("business_status_update", &[
        "other business_status_update/ - 1750000000000 Unknown",
    ]),
    ("business_username_update", &[
        "other business_username_update/ - 1750000000000 Username(UsernameNotice { display_phone_number: ('15550009999'), status: ('deleted') })",
    ]),
    ("business_username_updates", &[
        "other business_username_updates/ - 1750000000000 Username(UsernameNotice { display_phone_number: ('15550009999'), username: ('cafe.example'), status: ('approved') })",
    ]),
    ("calls", &[
        "other calls/calls 106540000000001 ? Call(Call { id: ('wacid.HBgL'), from: ('15550001111'), to: ('15550009999'), from_user_id: ('US.13491200000000000001'), event: ('connect'), direction: ('USER_INITIATED'), at: (UnixMs(1750000000000)), session: (CallSession { sdp_type: ('offer'), sdp: ('v=0\\r\\n') }) })",
        "other calls/calls 106540000000001 ? Call(Call { id: ('wacid.HBgL'), from: ('15550001111'), to: ('15550009999'), event: ('terminate'), direction: ('USER_INITIATED'), status: ('COMPLETED'), duration: (55), at: (UnixMs(1750000060000)), start_time: (UnixMs(1750000005000)), end_time: (UnixMs(1750000060000)) })",
    ]),
    ("calls_status", &[
        "other calls/statuses 106540000000001 ? CallStatus(CallStatus { id: ('wacid.HBgM'), status: ('RINGING'), recipient_id: ('15550001111'), at: (UnixMs(1750000000000)) })",
        "error 138001 \"Receiver uncallable\"",
    ]),
    ("errors", &[
        "error 130429 \"Message throughput has been reached.\"",
    ]),
    ("flows", &[
        "other flows/ - 1750000000000 Flow(FlowNotice { event: ('ENDPOINT_ERROR_RATE'), message: ('Error rate is above 10%'), flow_id: ('6627000000000001'), alert_state: ('ACTIVATED'), threshold: (10.0), error_rate: (14.28), errors: [FlowError { error_type: ('TIMEOUT_ERROR'), error_count: (2), error_rate: (66.66) }] })",
    ]),
    ("flows_status", &[
        "other flows/ - 1750000000000 Flow(FlowNotice { event: ('FLOW_STATUS_CHANGE'), message: ('Flow went live'), flow_id: ('6627000000000001'), old_status: ('DRAFT'), new_status: ('PUBLISHED') })",
    ]),
    ("group_lifecycle_update", &[
        "other group_lifecycle_update/groups 106540000000001 ? Group(GroupNotice { group_id: ('HB8sd3nVA0E1Z2Q4'), kind: ('group_create'), request_id: ('r1'), subject: ('Coffee'), invite_link: ('https://chat.whatsapp.com/AbC'), join_approval_mode: ('auto_approve'), at: (UnixMs(1750000000000)) })",
        "other group_lifecycle_update/groups 106540000000001 ? Group(GroupNotice { group_id: ('HB8sd3nVA0E1Z2Q4'), kind: ('group_delete'), at: (UnixMs(1750000000000)), errors: [WireError { code: (131020), title: ('Group invalid') }] })",
    ]),
    ("group_participants_update", &[
        "other group_participants_update/groups 106540000000001 ? Group(GroupNotice { group_id: ('HB8sd3nVA0E1Z2Q4'), kind: ('group_participants_add'), reason: ('invite_link'), initiated_by: ('participant'), at: (UnixMs(1750000000000)), added_participants: [GroupParticipant { wa_id: ('15550001111') }], failed_participants: [GroupParticipant { input: ('15550002222'), errors: [WireError { code: (131026), title: ('Undeliverable') }] }] })",
    ]),
    ("group_settings_update", &[
        "other group_settings_update/groups 106540000000001 ? Group(GroupNotice { group_id: ('HB8sd3nVA0E1Z2Q4'), kind: ('group_settings_update'), at: (UnixMs(1750000000000)), profile_picture: [Object {'mime_type': String('image/jpeg'), 'sha256': String('47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='), 'update_successful': Bool(true)}], group_subject: [Object {'text': String('Tea'), 'update_successful': Bool(true)}] })",
    ]),
    ("group_status_update", &[
        "other group_status_update/groups 106540000000001 ? Group(GroupNotice { group_id: ('HB8sd3nVA0E1Z2Q4'), kind: ('group_suspend'), at: (UnixMs(1750000000000)) })",
    ]),
    ("history", &[
        "history text \"old question\" from 15550001111/US.13491200000000000001/- at 1750000057000 thread=15550001111 READ phase=0 chunk=1 55%",
        "history text \"old answer\" from 15550009999/-/- at 1750000058000 to 15550001111/US.13491200000000000001/- thread=15550001111 DELIVERED phase=0 chunk=1 55%",
        "history media_placeholder raw null from 15550001111/US.13491200000000000001/- at 1750000059000 thread=15550001111 READ phase=0 chunk=1 55%",
        "broken id: the message has none",
        "other history/history 106540000000001 ? Unknown",
    ]),
    ("history_declined", &[
        "error 2593109 \"History sharing is turned off by the business\"",
    ]),
    ("history_media", &[
        "history image id=1013800000000011 mime=image/jpeg from 15550001111/US.13491200000000000001/- at 1750000060000 thread=? ? phase=-1 chunk=-1 -1% contact=\"Ana Muñoz\"",
    ]),
    ("message_echoes", &[
        "echo text \"from another app\" from -/-/- at 1750000000000 to 15550001111/-/-",
    ]),
    ("message_template_components_update", &[
        "other message_template_components_update/ - 1750000000000 TemplateComponents(TemplateComponents { id: ('1387300000000001'), name: ('order_update'), language: ('en-US'), header: ('Order'), body: ('Hello {{1}}, your order moved.'), footer: ('Reply STOP to opt out'), buttons: [TemplateButton { kind: ('URL'), text: ('Track'), url: ('https://example.com/{{1}}') }] })",
    ]),
    ("message_template_quality_update", &[
        "other message_template_quality_update/ - 1750000000000 TemplateQuality(TemplateQuality { previous: ('GREEN'), new: ('YELLOW'), id: ('1387300000000001'), name: ('order_update'), language: ('en-US') })",
    ]),
    ("message_template_status_update", &[
        "other message_template_status_update/ - 1750000000000 TemplateStatus(TemplateStatus { event: ('APPROVED'), id: ('1387300000000001'), name: ('order_update'), language: ('en-US'), reason: ('NONE'), category: ('UTILITY') })",
    ]),
    ("message_template_status_update_paused", &[
        "other message_template_status_update/ - 1750000000000 TemplateStatus(TemplateStatus { event: ('PAUSED'), id: ('1387300000000001'), name: ('order_update'), language: ('en-US'), disable_info: (DisableInfo { disable_date: (UnixMs(1750000000000)) }), other_info: (OtherInfo { title: ('FIRST_PAUSE'), description: ('Paused for 3 hours.') }) })",
    ]),
    ("message_template_status_update_rejected", &[
        "other message_template_status_update/ - 1750000000000 TemplateStatus(TemplateStatus { event: ('REJECTED'), id: ('1387300000000001'), name: ('order_update'), language: ('en-US'), reason: ('INVALID_FORMAT'), category: ('UTILITY'), rejection_info: (RejectionInfo { reason: ('Too many variables'), recommendation: ('Write more text.') }) })",
    ]),
    ("messaging_handovers", &[
        "other messaging_handovers/ 106540000000001 ? Handover(Handover { kind: ('control_passed'), at: (UnixMs(1750000000000)), sender: (HandoverSender { phone_number: ('15550001111') }), control_passed: (Control { previous_owner_role: ('ai_agent'), new_owner_role: ('customer_service'), metadata: ('m'), conversation_context: (ConversationContext { summary: (Summary { text: ('wants a refund') }) }) }) })",
    ]),
    ("partner_solutions", &[
        "other partner_solutions/ - 1750000000000 PartnerSolution(PartnerSolution { event: ('SOLUTION_UPDATED'), solution_id: ('303610000000001'), solution_status: ('ACTIVE') })",
    ]),
    ("payment_configuration_update", &[
        "other payment_configuration_update/ - 1750000000000 PaymentConfiguration(PaymentConfiguration { configuration_name: ('main'), provider_name: ('example'), provider_mid: ('m-1'), status: ('Needs Testing'), created_at: (UnixMs(1750000000000)), updated_at: (UnixMs(1750000001000)) })",
    ]),
    ("phone_number_name_update", &[
        "other phone_number_name_update/ - 1750000000000 NumberName(NumberName { display_phone_number: ('15550009999'), decision: ('REJECTED'), requested_verified_name: ('Café Example'), rejection_reason: ('NAME_FORMAT_UNACCEPTABLE') })",
    ]),
    ("phone_number_quality_update", &[
        "other phone_number_quality_update/ - 1750000000000 NumberQuality(NumberQuality { display_phone_number: ('15550009999'), event: ('THROUGHPUT_UPGRADE'), max_daily_conversations_per_business: ('TIER_UNLIMITED'), current_limit: ('TIER_2K'), old_limit: ('TIER_250') })",
    ]),
    ("security", &[
        "other security/ - 1750000000000 Security(SecurityNotice { display_phone_number: ('15550009999'), event: ('PIN_RESET_REQUEST'), requester: ('61550000000001') })",
    ]),
    ("smb_app_state_sync", &[
        "other smb_app_state_sync/state_sync 106540000000001 ? StateSync(StateSync { kind: ('contact'), action: ('add'), contact: (BookContact { full_name: ('Ana M'), first_name: ('Ana'), phone_number: ('15550001111') }), metadata: (SyncTime { at: (UnixMs(1750000000000)) }) })",
        "other smb_app_state_sync/state_sync 106540000000001 ? StateSync(StateSync { kind: ('contact'), action: ('remove'), contact: (BookContact { phone_number: ('15550002222') }), metadata: (SyncTime { at: (UnixMs(1750000001000)) }) })",
    ]),
    ("smb_message_echoes", &[
        "echo text \"From the shop's phone\" from 15550009999/-/- at 1750000053000 to 15550001111/US.13491200000000000001/- contact=\"Ana Muñoz\"",
        "echo image id=1013800000000010 mime=image/jpeg from 15550009999/-/- at 1750000054000 to 15550001111/US.13491200000000000001/- contact=\"Ana Muñoz\"",
    ]),
    ("smb_message_echoes_bsuid", &[
        "echo text \"to a username\" from 15550009999/-/- at 1750000055000 to -/US.13491200000000000001/-",
    ]),
    ("standby", &[
        "other standby/ 106540000000001 ? Unknown",
    ]),
    ("template_category_update", &[
        "other template_category_update/ - 1750000000000 TemplateCategory(TemplateCategory { id: ('1387300000000001'), name: ('order_update'), language: ('en-US'), new_category: ('UTILITY'), correct_category: ('MARKETING'), at: (UnixMs(1750086400000)) })",
    ]),
    ("template_category_update_done", &[
        "other template_category_update/ - 1750000000000 TemplateCategory(TemplateCategory { id: ('1387300000000001'), name: ('order_update'), language: ('en-US'), previous_category: ('UTILITY'), new_category: ('MARKETING') })",
    ]),
    ("template_correct_category_detection", &[
        "other template_correct_category_detection/ - 1750000000000 CategoryMisuse(CategoryMisuse { id: ('1387300000000001'), name: ('order_update'), language: ('en-US'), category: ('UTILITY'), correct_category: ('MARKETING') })",
    ]),
    ("tracking_events", &[
        "other tracking_events/ - 1750000000000 Unknown",
    ]),
    ("unknown_field", &[
        "other field_of_next_year/ 106540000000001 1750000000000 Unknown",
    ]),
    ("user_actions", &[
        "other messages/user_actions 106540000000001 ? UserAction(UserAction { kind: ('marketing_messages_link_click'), at: (UnixMs(1750000000000)), click: (LinkClick { component: ('cta'), click_id: ('c1'), tracking_token: ('t1') }) })",
    ]),
    ("user_id_update", &[
        "user_id_update US.13491200000000000001 to 15550001111/US.2/US.ENT.2 at 1750000000000 contact=\"Ana\"",
    ]),
    ("user_preferences", &[
        "preference stop marketing_messages by 15550001111/US.13491200000000000001/US.ENT.11810000000000 at 1750000000000 contact=\"Ana Muñoz\"",
    ]),
    ("user_preferences_bsuid", &[
        "preference resume marketing_messages by -/US.13491200000000000001/- at 1750000500000 contact=\"Bo\"",
    ]),
    ("value_is_text", &[
        "other messages/ - ? Unknown",
        "broken value: missing",
        "broken changes: not a list",
    ]),
];

#[test]
fn every_fields_fixture_is_understood() {
    crate::check_folder("fields", ITEMS);
}
