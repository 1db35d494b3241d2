"""English words for what a column holds, by type; `_` joins the words of one term."""

WORDS = {
    "person_name": (
        "name full_name fullname person_name first_name last_name given_name given_names surname "
        "family_name forename middle_name passenger passenger_name traveller traveler customer_name "
        "holder owner owner_name contact_name caller_name suspect applicant visitor visitor_name guest "
        "guest_name driver alias father_name mother_name employee_name patient_name subscriber name_en "
        "name_cn name_zh chinese_name english_name native_name informant ceo chairman founder director "
        "contact_person recipient consignee sender client student teacher patient member"
    ),
    "sex": "sex gender",
    "birth_date": "birth_date birthdate date_of_birth dob birthday born date_birth birth bdate",
    "date": (
        "date day expiry expiry_date expiration_date valid_until valid_to issue_date issued start_date "
        "end_date entry_date exit_date registered_on registered since on_list_since listed_on founded"
    ),
    "datetime": (
        "datetime time timestamp date_time created_at updated_at entered entered_at exited left_at "
        "call_time event_time occurred_at captured_at seen_at login_time logged_at recorded_at "
        "crossing_time entry_time exit_time arrival arrival_time departure departure_time ts gps_time at "
        "when checked_at flagged_at"
    ),
    "nationality": (
        "nationality country citizenship country_code nation country_of_citizenship country_of_origin "
        "origin_country"
    ),
    "cn_resident_id": (
        "id_number id_card idcard id_no identity_number resident_id national_id identity_card "
        "id_card_number citizen_id cert_no sfzh person_id idno id_num national_id_number"
    ),
    "passport": (
        "passport passport_no passport_number passport_num travel_document document_number document_no doc_no"
    ),
    "mrz": "mrz machine_readable_zone",
    "phone": (
        "phone mobile tel telephone phone_number mobile_number cell cellphone cell_phone contact_number "
        "msisdn phone_no mobile_no contact caller_number called_number caller callee calling_number "
        "tel_no contact_phone"
    ),
    "email": "email e_mail mail email_address",
    "cn_plate": (
        "plate plate_number license_plate licence_plate plate_no car_plate vehicle_plate number_plate "
        "registration vehicle car_number"
    ),
    "cn_uscc": "uscc credit_code social_credit_code unified_social_credit_code",
    "bank_card": "bank_card card_number account_number card_no bank_account account",
    "imei": "imei device_imei imei_number",
    "imsi": "imsi",
    "mac": "mac mac_address wifi_mac bssid",
    "ip": "ip ip_address ipv4 ipv6 remote_addr client_ip ip_addr",
    "url": "url link website web homepage href uri",
    "longitude": "longitude lon lng long gps_lon gps_lng",
    "latitude": "latitude lat gps_lat",
    "address": (
        "address addr home_address street residence place_of_residence location street_address "
        "place_of_birth birth_place birthplace registered_address domicile"
    ),
    "organisation": (
        "company company_name employer organisation organization firm org enterprise institution "
        "workplace business_name school agency corporation"
    ),
    "flight": "flight flight_no flight_number train_no",
    "category": (
        "category type kind class status level group ethnicity ethnic_group religion marital_status "
        "education occupation district region province city port direction colour color department "
        "station checkpoint hometown town reason purpose visa_type result tag label state industry sector "
        "ownership crime outcome priority airport gate list list_name race job"
    ),
    "serial": (
        "id no number serial record_id row_id uuid guid key _id seq code case_no case_number index rowid "
        "pk object_id event_id case_id call_id ref reference oid vin chassis_number engine_number "
        "room_number"
    ),
    "number": (
        "age count quantity height weight speed score amount_of total points duration size year heading "
        "altitude employees headcount staff population"
    ),
    "money": "amount price salary income fee cost payment balance capital fine wage value reward bonus",
    "boolean": "is_active active deleted flag is_deleted valid enabled has is flagged foreign_owned",
    "text": (
        "note notes remark remarks comment comments description content text summary details message "
        "narrative body memo"
    ),
    "image_path": (
        "photo picture image img photo_path image_path picture_path photo_url avatar face face_image "
        "portrait snapshot photo_file image_file"
    ),
}
GENERIC = (
    "name member student client sender recipient holder owner director patient guest visitor driver contact "
    "alias applicant founder teacher location caller callee vehicle registration account long"
)
"""Words that as often speak of something else: the name of a thing, where it is, an owner: yes or no."""
EVENT = (
    "entered entry arrival time datetime event call occurred captured crossing crossed seen checked login "
    "recorded departure exit logged timestamp visit passed flagged start reported check checkin"
)
NO_EVENT = (
    "birth born dob expiry expiration expires valid until issue issued updated created modified founded "
    "registered since end inserted loaded sync last hired bought left out checkout"
)
OFFICER = (
    "officer operator staff agent handler inspector registrar clerk admin editor author creator reviewer "
    "approver supervisor father mother spouse guardian emergency relative contact host inviter sponsor"
)
SUBJECT = (
    "person passenger traveller traveler visitor suspect subject applicant caller holder owner driver "
    "informant"
)
LIST = "list watchlist roster blacklist informants targets persons suspects members"
