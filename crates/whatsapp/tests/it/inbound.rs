//! Inbound messages: every type, and the ways in which they really arrive.

#[rustfmt::skip]
const ITEMS: &[(&str, &[&str])] = &[
    ("audio_file", &[
        "message audio id=1013800000000005 mime=audio/mpeg voice=false from 15550001111/US.13491200000000000001/- at 1750000017000 contact=\"Ana Muñoz\"",
    ]),
    ("audio_voice", &[
        "message audio id=1013800000000004 mime=audio/ogg; codecs=opus voice=true from 15550001111/US.13491200000000000001/- at 1750000016000 contact=\"Ana Muñoz\"",
    ]),
    ("batch_with_broken", &[
        "message text \"one\" from 15550001111/US.13491200000000000001/- at 1750000048000 contact=\"Ana Muñoz\"",
        "broken id: the message has none",
        "message text \"two\" from 15550001111/US.13491200000000000001/- at 1750000049000 contact=\"Ana Muñoz\"",
        "broken the message is not an object",
        "message image id=1013800000000009 mime=image/jpeg from 15550001111/US.13491200000000000001/- at 1750000050000 contact=\"Ana Muñoz\"",
        "status sent to 15550001111/-/- at 1750000000000 contact=\"Ana Muñoz\"",
        "broken status: missing or not a word",
        "message text \"other account\" from 15550001111/US.13491200000000000001/- at 1750000052000",
        "other messages/brand_new 106540000000002 ? Unknown",
        "broken change: not an object",
    ]),
    ("button", &[
        "message button Some(\"STOP_PROMO\") Some(\"Stop promotions\") from 15550001111/US.13491200000000000001/- at 1750000026000 quotes=15550009999 contact=\"Ana Muñoz\"",
    ]),
    ("button_no_context", &[
        "message button Some(\"YES\") Some(\"Yes\") from 15550001111/US.13491200000000000001/- at 1750000027000 contact=\"Ana Muñoz\"",
    ]),
    ("contacts", &[
        "message contacts Some(\"Bo L\") +1 555 000 2222 None; None +1 555 000 3333 None from 15550001111/US.13491200000000000001/- at 1750000022000 contact=\"Ana Muñoz\"",
    ]),
    ("contacts_requested", &[
        "message contacts Some(\"Ana\") +1 555 000 1111 Some(\"contact_request\") from 15550001111/US.13491200000000000001/- at 1750000023000 contact=\"Ana Muñoz\"",
    ]),
    ("dashboard_test", &[
        "message text \"this is a text message\" from 16315551181/-/- at 1504902988000 contact=\"test user name\"",
    ]),
    ("document", &[
        "message document id=1013800000000006 mime=application/pdf caption=Our order file=pedido 1/2.pdf from 15550001111/US.13491200000000000001/- at 1750000018000 contact=\"Ana Muñoz\"",
    ]),
    ("edit", &[
        "message edit (text \"at 5, not 4\") from 15550001111/US.13491200000000000001/- at 1750000041000 contact=\"Ana Muñoz\"",
    ]),
    ("edit_caption", &[
        "message edit (image id=1013800000000008 mime=image/png caption=better) from 15550001111/US.13491200000000000001/- at 1750000042000 contact=\"Ana Muñoz\"",
    ]),
    ("group_text", &[
        "message text \"hello all\" from 15550001111/US.13491200000000000001/- at 1750000047000 group=HB8sd3nVA0E1Z2Q4 contact=\"Ana Muñoz\"",
    ]),
    ("image", &[
        "message image id=1013800000000001 mime=image/jpeg caption=The label url=119 from 15550001111/US.13491200000000000001/- at 1750000013000 contact=\"Ana Muñoz\"",
    ]),
    ("image_failed", &[
        "message image id=1013800000000002 mime=image/jpeg from 15550001111/US.13491200000000000001/- at 1750000014000 error=131052 \"Failed to download the media from the sender.\" contact=\"Ana Muñoz\"",
    ]),
    ("interactive_button", &[
        "message interactive Button Some(\"yes\") Some(\"Yes\") None - from 15550001111/US.13491200000000000001/- at 1750000028000 quotes=15550009999 contact=\"Ana Muñoz\"",
    ]),
    ("interactive_call_permission", &[
        "message interactive CallPermission Some(\"accept\") Some(\"user_action\") None - from 15550001111/US.13491200000000000001/- at 1750000032000 contact=\"Ana Muñoz\"",
    ]),
    ("interactive_empty", &[
        "message interactive raw null from 15550001111/US.13491200000000000001/- at 1750000033000 contact=\"Ana Muñoz\"",
        "error 131000 \"Unsupported webhook payload\"",
    ]),
    ("interactive_flow", &[
        "message interactive Form Some(\"flow\") Some(\"Sent\") None {\"flow_token\":\"t\",\"rating\":\"5\"} from 15550001111/US.13491200000000000001/- at 1750000030000 contact=\"Ana Muñoz\"",
    ]),
    ("interactive_flow_array", &[
        "message interactive Form Some(\"address_message\") Some(\"1 Road\") None [\"a\",\"b\"] from 15550001111/US.13491200000000000001/- at 1750000031000 contact=\"Ana Muñoz\"",
    ]),
    ("interactive_list", &[
        "message interactive List Some(\"row1\") Some(\"Tuesday\") Some(\"9 to 12\") - from 15550001111/US.13491200000000000001/- at 1750000029000 contact=\"Ana Muñoz\"",
    ]),
    ("location", &[
        "message location 37.4419,-122.143 Some(\"Cafe\") Some(\"101 Road, Springfield\") from 15550001111/US.13491200000000000001/- at 1750000020000 contact=\"Ana Muñoz\"",
    ]),
    ("location_bare", &[
        "message location -0.5,0.0 None None from 15550001111/US.13491200000000000001/- at 1750000021000 contact=\"Ana Muñoz\"",
    ]),
    ("order", &[
        "message order Some(\"Without sugar\") Some(\"sku-1\") xSome(2) Some(\"10.5\"); Some(\"sku-2\") xSome(1) Some(\"7\") from 15550001111/US.13491200000000000001/- at 1750000034000 contact=\"Ana Muñoz\"",
    ]),
    ("reaction", &[
        "message reaction Some(\"👍🏽\") on 62 from 15550001111/US.13491200000000000001/- at 1750000024000 contact=\"Ana Muñoz\"",
    ]),
    ("reaction_removed", &[
        "message reaction None on 62 from 15550001111/US.13491200000000000001/- at 1750000025000 contact=\"Ana Muñoz\"",
    ]),
    ("request_welcome", &[
        "message request_welcome - from 15550001111/US.13491200000000000001/- at 1750000044000 contact=\"Ana Muñoz\"",
    ]),
    ("revoke", &[
        "message revoke of 62 from 15550001111/US.13491200000000000001/- at 1750000043000 contact=\"Ana Muñoz\"",
    ]),
    ("sticker", &[
        "message sticker id=1013800000000007 mime=image/webp animated=true from 15550001111/US.13491200000000000001/- at 1750000019000 contact=\"Ana Muñoz\"",
    ]),
    ("system_identity", &[
        "message system customer_identity_changed wa=None bsuid=None parent=None hash=Some(\"x9Zr\") from 15550001111/US.13491200000000000001/- at 1750000038000",
    ]),
    ("system_new_number", &[
        "message system user_changed_number wa=Some(\"15550003333\") bsuid=Some(\"US.2\") parent=Some(\"US.ENT.2\") hash=None from 15550001111/US.13491200000000000001/- at 1750000035000",
    ]),
    ("system_new_number_old_form", &[
        "message system user_changed_number wa=Some(\"15550003333\") bsuid=None parent=None hash=None from 15550001111/US.13491200000000000001/- at 1750000036000",
    ]),
    ("system_new_user_id", &[
        "message system user_changed_user_id wa=None bsuid=Some(\"US.3\") parent=None hash=None from 15550001111/US.13491200000000000001/- at 1750000037000",
    ]),
    ("text", &[
        "message text \"¿Tienen el café de 1/2 kg? 👋\" from 15550001111/US.13491200000000000001/- at 1750000001000 contact=\"Ana Muñoz\"",
    ]),
    ("text_about_product", &[
        "message text \"Is it in stock?\" from 15550001111/US.13491200000000000001/- at 1750000004000 quotes=15550009999 product=Some(\"sku-1\") contact=\"Ana Muñoz\"",
    ]),
    ("text_bsuid_in_from", &[
        "message text \"hello\" from -/US.13491200000000000001/- at 1750000011000 contact=\"Bo\"",
    ]),
    ("text_bsuid_only", &[
        "message text \"username only\" from -/US.13491200000000000001/US.ENT.11810000000000 at 1750000010000 contact=\"Bo\"@bo.l",
    ]),
    ("text_forwarded", &[
        "message text \"Look\" from 15550001111/US.13491200000000000001/- at 1750000003000 forwarded_often contact=\"Ana Muñoz\"",
    ]),
    ("text_lone_surrogate", &[
        "message text \"NUL � and half � and whole 😀\" from 15550001111/US.13491200000000000001/- at 1750000009000 contact=\"Ana Muñoz\"",
    ]),
    ("text_milliseconds", &[
        "message text \"late clock\" from 15550001111/US.13491200000000000001/- at 1750000000123 contact=\"Ana Muñoz\"",
    ]),
    ("text_no_contacts", &[
        "message text \"nobody came along\" from 15550001111/US.13491200000000000001/- at 1750000007000",
    ]),
    ("text_profile_oddities", &[
        "message text \"hi\" from 15550001111/US.13491200000000000001/- at 1750000008000 contact=\"A�na\\nBo\"@ana.s",
    ]),
    ("text_referral", &[
        "message text \"Hi, I saw your ad\" from 15550001111/US.13491200000000000001/- at 1750000005000 ad=Some(\"120200000000000001\") Some(\"Chat with us\") Some(74) Some(\"How can we help?\") contact=\"Ana Muñoz\"",
    ]),
    ("text_reply", &[
        "message text \"That one\" from 15550001111/US.13491200000000000001/- at 1750000002000 quotes=15550009999 contact=\"Ana Muñoz\"",
    ]),
    ("text_sender_missing", &[
        "message text \"who am I\" from -/-/- at 1750000012000 contact=\"Ana Muñoz\"",
    ]),
    ("type_missing", &[
        "message text \"typeless\" from 15550001111/US.13491200000000000001/- at 1750000046000 contact=\"Ana Muñoz\"",
    ]),
    ("unknown_type", &[
        "message hologram raw {\"depth\":3} from 15550001111/US.13491200000000000001/- at 1750000045000 contact=\"Ana Muñoz\"",
    ]),
    ("unsupported", &[
        "message unsupported Some(\"poll\") from 15550001111/US.13491200000000000001/- at 1750000039000 error=131051 \"Message type is currently not supported.\" contact=\"Ana Muñoz\"",
    ]),
    ("unsupported_bare", &[
        "message unsupported None from 15550001111/US.13491200000000000001/- at 1750000040000 error=131051 \"Old form\" contact=\"Ana Muñoz\"",
    ]),
    ("video", &[
        "message video id=1013800000000003 mime=video/mp4 from 15550001111/US.13491200000000000001/- at 1750000015000 contact=\"Ana Muñoz\"",
    ]),
];

#[test]
fn every_inbound_fixture_is_understood() {
    crate::check_folder("inbound", ITEMS);
}
