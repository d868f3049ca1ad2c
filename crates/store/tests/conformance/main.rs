//! One suite for every engine: each case is a promise of `store::op` or of a
//! read, and runs on SQLite in memory, on SQLite in a file, and on PostgreSQL.
//!
//! PostgreSQL runs where `PUENTE_TEST_POSTGRES` holds the URL of a server on
//! which the tests may create databases; elsewhere each case says that it was
//! skipped.

#[path = "../support/ambient.rs"]
mod ambient;
mod engines;
#[path = "../support/server.rs"]
mod server;
mod world;

mod access;
mod budget;
mod bulk;
mod campaigns;
mod commits;
mod consent;
mod cost;
mod deals;
mod decisions;
mod files_aside;
mod hold;
mod inbound;
mod journal;
mod lanes;
mod letters;
mod mapping;
mod media;
mod metrics;
mod mirror;
mod outbound;
mod people;
mod records;
mod sealing;
mod status;
mod surveys;
mod sync;
mod templates;
mod tenants;
mod upkeep;
mod versions;

/// A test of each case on each engine.
macro_rules! suite {
    ($($room:ident: $($case:ident),+;)+) => {
        mod memory {$( mod $room {$(
            #[test]
            fn $case() {
                crate::engines::memory(crate::$room::$case);
            }
        )+} )+}
        mod file {$( mod $room {$(
            #[test]
            fn $case() {
                crate::engines::file(crate::$room::$case);
            }
        )+} )+}
        mod postgres {$( mod $room {$(
            #[test]
            fn $case() {
                crate::engines::postgres(stringify!($case), crate::$room::$case);
            }
        )+} )+}
    };
}

suite! {
    cost:
        a_delivered_message_counts_once_in_every_order,
        only_what_was_delivered_counts,
        an_earlier_time_moves_a_message_to_its_month,
        a_recount_gives_what_the_messages_say,
        costs_of_two_tenants_are_two,
        sends_of_which_nothing_more_was_heard_are_found;
    metrics:
        figures_of_a_day_are_replaced_whole,
        days_asked_for_wait_until_they_are_kept,
        a_day_is_walked_through_page_by_page,
        a_day_tells_how_far_a_message_came,
        conversations_and_records_of_a_day_are_paged;
    journal:
        appended_bodies_come_back_in_order_byte_for_byte,
        webhooks_of_the_same_moment_have_places_of_their_own,
        large_bodies_are_read_a_few_at_a_time,
        attempts_are_counted_and_ended_rows_leave_the_queue,
        ending_twice_is_no_error_and_setting_aside_needs_an_open_row;
    inbound:
        an_item_is_written_once_with_its_effects,
        the_same_key_on_another_day_is_another_item,
        items_aside_and_unclaimed_are_kept_whole,
        a_lane_has_one_open_conversation,
        touching_a_conversation_is_monotone,
        a_conversation_ends_unless_somebody_writes_meanwhile,
        a_case_is_looked_at_for_each_word_of_the_customer_once,
        links_keep_what_is_not_named,
        messages_come_back_in_order_of_time_then_of_storing,
        records_are_found_by_fifteen_or_eighteen_characters;
    people:
        a_person_comes_back_as_given_and_updates_move_forward,
        the_account_of_a_person_is_found,
        a_handle_belongs_to_one_person,
        a_lane_is_one_for_number_and_person,
        last_inbound_only_moves_forward;
    outbound:
        a_request_key_is_accepted_once,
        a_send_goes_from_queue_to_accepted,
        a_permit_is_given_once,
        a_row_is_not_permitted_before_it_is_due,
        a_closed_window_fails_a_free_form_send_and_not_a_template,
        a_refusal_is_a_dead_letter_with_its_reason,
        proven_unsent_goes_back_to_the_queue,
        a_lost_answer_is_uncertain_then_asked,
        finishing_twice_changes_nothing,
        a_late_acceptance_is_believed,
        references_are_found_and_not_readable;
    lanes:
        claims_go_by_class_then_by_due_time,
        some_lanes_are_for_the_live_class_alone,
        a_held_or_leased_lane_is_not_claimed,
        lanes_of_some_numbers_alone_can_be_claimed,
        a_lane_whose_head_is_not_due_waits_whole,
        an_epoch_fences_the_holder_before,
        releasing_a_lane_that_moved_on_is_harmless;
    decisions:
        a_send_is_decided_about_only_when_it_is_asked_or_overdue,
        a_resend_joins_the_tail_of_its_lane,
        a_resend_waits_for_the_deadline_of_its_permit,
        a_dropped_send_ends_with_its_reason,
        what_a_status_settled_is_not_decided,
        a_status_of_the_first_attempt_takes_a_resend_out_of_the_queue,
        two_deliveries_after_a_resend_raise_an_alert,
        an_older_attempt_decides_nothing_of_a_newer,
        the_call_begun_last_decides,
        a_late_status_is_recorded_after_a_drop,
        effects_of_a_decision_happen_with_it,
        one_send_is_asked_about_alone;
    letters:
        letters_of_all_kinds_are_one_list_in_order_of_time,
        a_page_goes_on_where_the_one_before_ended,
        letters_are_chosen_by_kind_code_and_time,
        another_tenants_letters_are_out_of_reach,
        a_send_is_replayed_once_and_at_the_tail,
        a_write_is_replayed_with_all_its_attempts,
        a_record_is_looked_up_anew,
        an_item_is_taken_in_anew,
        a_body_is_taken_in_anew,
        what_is_discarded_stays_with_its_reason,
        an_edited_send_is_sent_as_edited,
        an_edited_body_is_taken_in_as_edited;
    status:
        every_order_of_statuses_and_answer_ends_alike,
        a_status_before_its_answer_settles_the_send,
        a_status_settles_an_uncertain_send,
        a_status_takes_an_unsent_send_out_of_the_queue,
        an_early_status_waits_for_its_message,
        a_repeat_raises_nothing_and_writes_nothing,
        two_wamids_for_one_send_raise_an_alert,
        anothers_tracker_is_not_merged,
        an_echo_meets_its_statuses_in_either_order,
        a_failure_carries_its_reason;
    sync:
        wants_coalesce_into_one_row,
        a_row_in_a_call_is_not_due_until_the_call_ends,
        what_is_wanted_during_a_call_is_due_after_it,
        a_projection_that_was_overtaken_stays_due,
        a_retry_waits_and_is_charged,
        a_halted_row_is_not_charged,
        a_row_set_aside_returns_when_it_is_wanted_anew,
        calls_that_failed_are_kept_until_they_are_purged,
        an_abandoned_call_is_given_up,
        rows_of_a_root_may_ride_along,
        the_urgent_come_first_and_stay_urgent,
        what_a_campaign_wants_is_less_urgent;
    budget:
        calls_are_added_and_the_standing_is_replaced,
        slots_of_two_days_are_kept;
    bulk:
        held_people_are_nobody_elses,
        people_in_a_call_or_held_are_not_claimed,
        a_job_takes_its_peoples_rows_and_lets_go_of_what_is_left,
        what_a_job_did_not_write_is_not_charged,
        a_job_stands_where_it_was_left,
        fresh_rows_are_those_of_people_without_a_backlog,
        the_backlog_is_counted_to_a_bound_and_taken_oldest_first,
        messages_go_in_the_order_they_were_stored_in,
        who_comes_again_soon_is_waited_for,
        who_has_a_row_that_goes_by_call_goes_by_call,
        who_goes_by_call_since_the_claim_is_the_jobs_no_more,
        jobs_of_two_tenants_never_meet;
    records:
        a_record_is_wanted_once,
        what_was_declined_is_wanted_again_when_the_person_writes,
        record_steps_move_and_charge,
        opportunities_are_due_for_a_worker_of_their_own;
    mirror:
        rows_come_in_the_order_of_their_keys_page_by_page,
        a_range_of_time_is_kept_to,
        a_row_tells_how_far_it_got_and_what_is_known_of_it,
        an_item_whose_message_is_not_there_is_found,
        a_report_is_asked_for_once_made_once_and_sealed;
    hold:
        while_held_nothing_is_claimed_and_nothing_begins,
        a_held_send_ends_by_a_match_a_status_or_a_word,
        a_copy_goes_on_only_by_a_persons_word,
        a_restore_writes_above_all_that_was_written_before,
        a_restart_lies_where_it_lay_and_derives_the_same;
    media:
        a_file_goes_step_by_step_and_the_message_shows_it,
        a_file_of_a_message_is_wanted_once,
        the_holder_before_may_write_nothing,
        a_customers_file_goes_to_who_holds_the_writer,
        attempts_are_charged_and_what_is_aside_can_be_tried_again,
        a_file_that_is_not_due_wakes_in_time,
        uploads_are_kept_for_a_while_and_copies_as_long_as_meta_does,
        a_send_waits_for_its_file;
    files_aside:
        a_file_is_a_letter_that_tells_whose_it_is,
        a_file_that_is_in_salesforce_goes_on_from_there,
        a_discarded_file_is_tried_no_more,
        the_file_of_a_send_comes_back_with_its_send;
    access:
        a_lease_has_one_holder_and_a_rising_epoch,
        a_fenced_commit_writes_nothing,
        an_org_is_pinned,
        a_number_has_one_owner,
        api_keys_come_and_are_revoked,
        the_audit_trail_is_a_chain,
        alerts_open_once_and_close,
        cursors_keep_the_last_value,
        feed_rows_are_numbered_without_gaps;
    templates:
        a_list_holds_what_a_webhook_did_not_change_since,
        an_older_event_changes_nothing,
        what_a_whole_list_does_not_hold_is_gone,
        a_category_is_used_when_it_is_agreed_to,
        a_stopped_template_is_not_sent;
    versions:
        a_version_never_changes_and_one_is_in_use;
    mapping:
        the_newest_messages_of_customers_are_found;
    consent:
        an_event_is_recorded_once_and_comes_back_as_given,
        every_order_of_consent_events_ends_alike,
        effects_of_an_event_happen_when_it_changes_something,
        after_an_opt_out_what_is_queued_fails_on_every_number,
        a_send_is_held_against_the_category_its_template_has_now,
        where_consent_is_required_nobody_else_is_written_to,
        who_wants_no_service_is_answered_when_they_write_again,
        a_message_names_whom_an_opt_out_is_of,
        consents_of_two_tenants_never_meet;
    campaigns:
        a_campaign_goes_only_where_its_state_lets_it,
        a_person_is_a_member_once,
        a_member_is_queued_with_its_send_or_not_at_all,
        a_paused_campaign_sends_nothing_more,
        what_is_queued_is_withdrawn_and_what_is_called_is_not,
        a_member_follows_its_last_send,
        counts_are_those_of_the_members_and_of_no_other_tenant,
        a_reply_counts_once_and_is_shown;
    deals:
        a_touch_is_replaced_and_the_last_win_is_known,
        a_sale_keeps_the_time_at_which_it_was_closed;
    surveys:
        a_case_is_noticed_once_and_asked_about_once,
        an_answer_keeps_its_first_time_and_is_owed_to_the_case,
        surveys_are_listed_newest_first_and_of_one_tenant;
    tenants:
        two_tenants_with_the_same_customer_never_meet,
        a_row_of_another_tenant_cannot_be_joined_to;
    sealing:
        hashes_differ_by_tenant_and_stay_over_a_restart,
        a_key_of_a_failed_commit_is_never_used,
        an_erased_person_cannot_be_read_and_others_can,
        a_tenant_must_be_put_before_anything_is_sealed_for_it;
    commits:
        a_commit_is_all_or_nothing,
        many_commits_at_once_all_hold,
        a_failing_neighbour_does_not_hurt,
        a_probe_kills_before_and_after,
        everything_is_refused_after_close;
    upkeep:
        purging_keeps_what_is_open_and_stops_at_its_bound,
        keys_and_feed_are_purged_by_age,
        taking_over_frees_what_a_dead_process_held,
        a_call_under_way_holds_its_lane_after_a_take_over,
        depths_count_what_waits,
        the_next_due_time_is_the_earliest;
}
