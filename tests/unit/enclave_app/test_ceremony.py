from datetime import timedelta

import pytest

from aval.sealing import base64url
from aval.sealing.key_items import ACTIVE_FOR, OVERLAP_FOR, RETAINED_FOR, KeyItem, wrap
from aval.sealing.refusals import SealReason, SealRefused
from enclave_app.enclave.ceremony import Ceremony, make_event_key, make_item, open_event_key
from enclave_app.enclave.refusals import EnclaveReason, EnclaveRefused
from tests.support.enclave_keys import CREATED, DataKeysInMemory, pairs
from tests.support.journals import EVENT, OTHER_EVENT

SECOND = timedelta(seconds=1)


def stored(kms: DataKeysInMemory, *versions: int, age_between: timedelta = timedelta(0)) -> list[bytes]:
    """Items of pairs that were made one after the other."""
    items = []
    for place, version in enumerate(versions):
        made = pairs(version, CREATED + place * age_between)
        data_key = kms.generate_data_key({"purpose": "chaves", "kid": made.key_id, "version": str(version)})
        items.append(wrap(made, data_key.plaintext, data_key.wrapped).to_bytes())
    return items


def test_the_first_ceremony_makes_a_pair_that_is_of_use_once_it_was_shown_again() -> None:
    kms, ceremony = DataKeysInMemory(), Ceremony()
    first = ceremony.advance([], kms, CREATED)
    assert first.ring.key_ids() == ()
    assert first.to_store is not None
    second = ceremony.advance([first.to_store.to_bytes()], kms, CREATED)
    assert second.to_store is None
    assert second.ring.key_ids() == (first.to_store.key_id,)
    assert second.ring.active(CREATED).created == CREATED


def test_another_enclave_unwraps_what_the_first_one_made() -> None:
    kms = DataKeysInMemory()
    items = stored(kms, 1)
    one, other = (Ceremony().advance(items, kms, CREATED).ring.active(CREATED) for _ in range(2))
    assert one.sealing.private_numbers() == other.sealing.private_numbers()


def test_a_pair_is_asked_of_kms_once() -> None:
    kms, ceremony = DataKeysInMemory(), Ceremony()
    items = stored(kms, 1)
    for _ in range(3):
        ceremony.advance(items, kms, CREATED)
    assert kms.calls.count("Decrypt") == 1


def test_a_new_pair_is_made_while_the_former_is_active_and_both_open() -> None:
    kms, ceremony = DataKeysInMemory(), Ceremony()
    items = stored(kms, 1)
    at = CREATED + ACTIVE_FOR - timedelta(days=7)
    assert ceremony.advance(items, kms, at - SECOND).to_store is None
    made = ceremony.advance(items, kms, at).to_store
    assert made is not None
    assert made.version == 2
    both = ceremony.advance([*items, made.to_bytes()], kms, at)
    assert both.to_store is None
    assert both.ring.active(at).version == 2
    assert set(both.ring.opening(at)) == set(both.ring.key_ids())


def test_a_pair_whose_retention_is_over_is_forgotten_and_its_item_deleted() -> None:
    kms, ceremony = DataKeysInMemory(), Ceremony()
    items = stored(kms, 1, 2, age_between=timedelta(days=83))
    ends = CREATED + ACTIVE_FOR + OVERLAP_FOR + RETAINED_FOR
    assert ceremony.advance(items, kms, ends - SECOND).destroyed == ()
    calls = len(kms.calls)
    outcome = ceremony.advance(items, kms, ends)
    assert outcome.destroyed == (1,)
    assert outcome.ring.key_ids() == (pairs(2, CREATED + timedelta(days=83)).key_id,)
    assert outcome.to_store is not None
    assert outcome.to_store.version == 3
    # Not even unwrapped again: only the new pair was asked of KMS.
    assert kms.calls[calls:] == ["GenerateDataKey"]


def test_a_version_is_not_given_twice_though_its_item_is_destroyed() -> None:
    kms = DataKeysInMemory()
    items = stored(kms, 7)
    outcome = Ceremony().advance(items, kms, CREATED + ACTIVE_FOR + OVERLAP_FOR + RETAINED_FOR)
    assert outcome.to_store is not None
    assert outcome.to_store.version == 8


def test_refuses_an_item_with_the_wrapped_key_of_another() -> None:
    kms = DataKeysInMemory()
    one, other = (KeyItem.from_bytes(item) for item in stored(kms, 1, 2))
    told = one.to_bytes().replace(_written(one), _written(other))
    with pytest.raises(EnclaveRefused) as caught:
        Ceremony().advance([told], kms, CREATED)
    assert caught.value.reason is EnclaveReason.KMS_REFUSED


def _written(item: KeyItem) -> bytes:
    return base64url.encode(item.wrapped_key)


def test_refuses_an_item_that_the_parent_made() -> None:
    """Whoever may call KMS may have a data key wrapped, but only an enclave's authenticates its pairs."""
    kms = DataKeysInMemory()
    made = pairs()
    data_key = kms.generate_data_key({"purpose": "chaves", "kid": made.key_id, "version": "1"})
    forged = wrap(made, bytes(32), data_key.wrapped)
    with pytest.raises(SealRefused) as caught:
        Ceremony().advance([forged.to_bytes()], kms, CREATED)
    assert caught.value.reason is SealReason.KEY_ITEM_UNOPENED


def test_refuses_items_out_of_order_and_the_same_one_twice() -> None:
    kms = DataKeysInMemory()
    items = stored(kms, 1, 2)
    for wrong in (items[::-1], [items[0], items[0]]):
        with pytest.raises(SealRefused):
            Ceremony().advance(wrong, kms, CREATED)


def test_refuses_what_is_no_item() -> None:
    with pytest.raises(SealRefused):
        Ceremony().advance([b"{}"], DataKeysInMemory(), CREATED)


def test_a_pair_is_made_anew_each_time() -> None:
    kms = DataKeysInMemory()
    assert make_item(1, kms, CREATED).key_id != make_item(1, kms, CREATED).key_id


def test_an_events_keys_are_the_same_for_every_enclave() -> None:
    kms = DataKeysInMemory()
    wrapped = make_event_key(EVENT, kms)
    assert open_event_key(EVENT, wrapped, kms) == open_event_key(EVENT, wrapped, kms)
    assert open_event_key(EVENT, wrapped, kms).event == EVENT


def test_refuses_the_key_of_another_event() -> None:
    kms = DataKeysInMemory()
    wrapped = make_event_key(OTHER_EVENT, kms)
    with pytest.raises(EnclaveRefused):
        open_event_key(EVENT, wrapped, kms)


def test_refuses_a_key_items_data_key_as_an_events() -> None:
    kms = DataKeysInMemory()
    item = KeyItem.from_bytes(stored(kms, 1)[0])
    with pytest.raises(EnclaveRefused):
        open_event_key(EVENT, item.wrapped_key, kms)
