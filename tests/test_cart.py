"""The cart: what is asked, what never is, what it costs, and what a yes is bound to."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kit.db import Tx
from kit.errors import Refused
from kit.words import LANGUAGES
from orders.cart import Cart, Pick, drop, load, missing, proposal, save, summary, summary_lines, totals
from orders.cart.address import AREA, FULL, NONE, STREET, grade
from orders.stock import Shelves
from tests.orders_shop import CHAT, make_shop, ready_cart

SHOP = make_shop()


class TestGoods:
    def test_pieces_of_one_variant_add_up(self) -> None:
        cart = Cart()
        cart.put("PIY", "oq", 2)
        cart.put("PIY", "oq")
        cart.put("PIY", "ko'k")
        assert [(line.variant, line.qty) for line in cart.lines] == [("oq", 3), ("ko'k", 1)]

    @pytest.mark.parametrize("qty", [0, -1, 10**9, 0.5])
    def test_senseless_quantities_are_refused(self, qty: int) -> None:
        with pytest.raises(Refused, match=r"order\.quantity"):
            Cart().put("PIY", "oq", qty)

    def test_another_colour_takes_the_place_and_number_of_the_first(self) -> None:
        cart = ready_cart(SHOP, ("PIY", "oq", 3))
        cart.swap("PIY", "oq", "ko'k")
        assert [(line.variant, line.qty) for line in cart.lines] == [("ko'k", 3)]

    def test_what_a_product_has_only_one_of_is_filled_in_silently(self) -> None:
        cart = Cart(picks=[Pick("BIR"), Pick("GUL", qty=2)])
        cart.settle(SHOP)
        assert [(line.sku, line.variant, line.qty) for line in cart.lines] == [("BIR", "70x140/oq", 1), ("GUL", "", 2)]
        assert cart.picks == []

    def test_an_incomplete_choice_waits_and_what_is_said_later_is_laid_over_it(self) -> None:
        cart = Cart()
        cart.choose("CHO", color="qora", qty=2)
        cart.settle(SHOP)
        assert missing(cart, SHOP)[0] == "size"
        cart.choose("CHO", size="M")
        cart.settle(SHOP)
        assert [(line.variant, line.qty) for line in cart.lines] == [("M/qora", 2)]

    def test_a_size_that_does_not_exist_is_still_missing(self) -> None:
        cart = Cart(picks=[Pick("CHO", "XXXL", "oq")])
        cart.settle(SHOP)
        assert missing(cart, SHOP)[:1] == ["size"]

    def test_the_only_colour_left_is_proposed(self) -> None:
        shelves = Shelves(
            {("CHO", "S/oq"): ("counted", 0), ("CHO", "M/oq"): ("counted", 0), ("CHO", "M/qora"): ("counted", 2)}
        )
        cart = Cart(picks=[Pick("CHO")])
        assert proposal(cart, SHOP, shelves) == {"size": "M", "color": "qora"}

    def test_nothing_is_proposed_where_there_is_a_choice(self) -> None:
        cart = Cart(picks=[Pick("CHO")])
        assert proposal(cart, SHOP, Shelves({("CHO", "*"): ("counted", 4)})) == {}


class TestMissing:
    def test_an_empty_cart_asks_in_the_order_people_expect(self) -> None:
        assert missing(Cart(), SHOP) == ["product", "phone", "address", "region"]

    def test_a_complete_cart_asks_nothing(self) -> None:
        assert missing(ready_cart(SHOP), SHOP) == []

    def test_a_name_is_asked_in_the_provinces_alone(self) -> None:
        cart = ready_cart(SHOP, region="provinces", address="Qarshi, Nasaf ko'chasi 7-uy")
        assert missing(cart, SHOP) == ["name"]
        cart.recipient = "Dilorom"
        assert missing(cart, SHOP) == []

    def test_pickup_asks_no_address(self) -> None:
        cart = ready_cart(SHOP, address="", region="", method="pickup")
        assert missing(cart, SHOP) == []

    def test_one_region_is_not_asked_for(self) -> None:
        regions = [{"key": "all", "name": "Hamma joyga", "price": 30000}]
        assert missing(ready_cart(SHOP, region=""), make_shop(delivery={"regions": regions})) == []

    @pytest.mark.parametrize("place", [{"location": (41.3, 69.2)}, {"landmark": "eski bozor yonida"}])
    def test_a_pin_or_a_landmark_is_an_address(self, place: dict[str, object]) -> None:
        assert missing(ready_cart(SHOP, address="", **place), SHOP) == []

    def test_a_district_alone_is_not(self) -> None:
        assert missing(ready_cart(SHOP, address="Yunusobod tumani"), SHOP) == ["address"]

    def test_an_address_is_asked_for_once(self) -> None:
        cart = ready_cart(SHOP, address="")
        cart.give_address("Mirobod, Fidokor ko'chasi")
        assert missing(cart, SHOP) == ["address"]
        cart.give_address("Mirobod, Fidokor ko'chasi")  # there is no house number
        assert missing(cart, SHOP) == []

    def test_the_second_answer_is_joined_to_the_first(self) -> None:
        cart = ready_cart(SHOP, address="")
        cart.give_address("Yunusobod")
        cart.give_address("4-kvartal  15-uy")
        assert cart.address == "Yunusobod, 4-kvartal 15-uy"
        assert missing(cart, SHOP) == []

    def test_a_foreign_phone_is_kept_and_a_local_one_asked_for(self) -> None:
        cart = ready_cart(SHOP, phone="")
        cart.give_phone("+14155550123", SHOP)
        assert missing(cart, SHOP) == ["phone_local"]
        cart.give_phone("+998901112233", SHOP)
        assert (cart.phone, cart.phone2) == ("+998901112233", "+14155550123")
        assert missing(cart, SHOP) == []

    def test_the_local_phone_may_be_declined(self) -> None:
        cart = ready_cart(SHOP, phone="+14155550123")
        cart.declined.add("phone_local")
        assert missing(cart, SHOP) == []

    def test_a_corrected_phone_replaces_and_a_second_one_stays_beside(self) -> None:
        cart = Cart(phone="+998900131451")
        cart.give_phone("+998900131415", SHOP)
        cart.give_phone("+998950000001", SHOP, second=True)
        assert (cart.phone, cart.phone2) == ("+998900131415", "+998950000001")

    def test_uncounted_stock_is_asked_of_staff_first(self) -> None:
        shelves = Shelves({("GUL", ""): ("unknown", 0)})
        cart = ready_cart(SHOP)
        assert missing(cart, SHOP, shelves) == ["stock"]
        cart.checked.add("GUL|")
        assert missing(cart, SHOP, shelves) == []


@pytest.mark.parametrize(
    ("text", "want"),
    [
        ("", NONE),
        ("🙂", NONE),
        ("Yunusobod", AREA),
        ("Toshkent shahri, Chilonzor tumani", AREA),
        ("г. Ташкент", AREA),
        ("Бухоро шаҳри", AREA),
        ("Sergeli 8-kvartal", STREET),
        ("Toshkent, Chilonzor 5", STREET),
        ("Mirobod, Fidokor ko‘chasi", STREET),
        ("Chilonzor 9-mavze 14-uy", FULL),
        ("Yakkasaroy, Bobur 58", FULL),
        ("Себзор 31/5, кв 12", FULL),
        ("chilonzor 19-1-33", FULL),
        ("Bektemir, bozor orqasi", FULL),
        ("Чиланзар, рядом с метро", FULL),
        ("Samarqand, BTS filiali", FULL),
        ("next to the old mosque, Bukhara", FULL),
    ],
)
def test_an_address_is_graded_by_what_a_courier_can_do_with_it(text: str, want: str) -> None:
    assert grade(text) == want


class TestTotals:
    def test_goods_are_transferred_and_the_courier_is_paid_by_default(self) -> None:
        sums = totals(ready_cart(SHOP), SHOP)
        assert (sums.goods, sums.to_transfer, sums.due_on_arrival, sums.method) == (150000, 150000, 20000, "courier")

    def test_quantity_prices_count_all_variants_of_a_product(self) -> None:
        sums = totals(ready_cart(SHOP, ("PIY", "oq", 2), ("PIY", "ko'k", 1)), SHOP)
        assert sums.goods == 3 * 58000

    @pytest.mark.parametrize(
        ("prepay", "paid", "transfer", "due"),
        [
            ("full", "on_arrival", 150000, 20000),
            ("full", "now", 170000, 0),
            ("30 %", "on_arrival", 45000, 125000),
            ("30 %", "now", 65000, 105000),
            ("none", "on_arrival", 0, 170000),
            (50000, "on_arrival", 50000, 120000),
            ("200 000", "now", 170000, 0),
            ("none", "now", 20000, 150000),
        ],
    )
    def test_prepayment_and_who_takes_the_way(self, prepay: object, paid: str, transfer: int, due: int) -> None:
        regions = [{"key": "city", "name": "Toshkent shahri", "price": 20000, "prepay": prepay}]
        sums = totals(ready_cart(SHOP), make_shop(delivery={"paid": paid, "regions": regions}))
        assert (sums.to_transfer, sums.due_on_arrival) == (transfer, due)

    def test_a_share_is_rounded_to_whole_units(self) -> None:
        regions = [{"key": "city", "name": "Toshkent shahri", "price": 0, "prepay": "33 %"}]
        shop = make_shop(delivery={"regions": regions})
        sums = totals(ready_cart(shop, ("PIY", "oq", 1)), shop)
        assert (sums.to_transfer, sums.due_on_arrival) == (21450, 43550)

    def test_delivery_is_free_from_a_sum_on(self) -> None:
        shop = make_shop(delivery={"free_from": 150000})
        assert totals(ready_cart(shop), shop).delivery_price == 0
        assert totals(ready_cart(shop, ("PIY", "oq", 1)), shop).delivery_price == 20000

    def test_pickup_costs_no_way_and_may_need_no_transfer(self) -> None:
        cart = ready_cart(SHOP, method="pickup")
        assert (totals(cart, SHOP).to_transfer, totals(cart, SHOP).delivery_price) == (150000, 0)
        cash = make_shop(payment={"cash_at_pickup": True})
        assert (totals(cart, cash).to_transfer, totals(cart, cash).due_on_arrival) == (0, 150000)

    def test_a_parcel_goes_by_post_to_the_provinces_unless_the_shop_has_no_post(self) -> None:
        cart = ready_cart(SHOP, region="provinces")
        assert totals(cart, SHOP).method == "post_branch"
        regions = [
            {"key": "city", "name": "Shahar", "price": 1},
            {"key": "provinces", "name": "Viloyatlar", "price": 2, "methods": ["courier"]},
        ]
        assert totals(cart, make_shop(delivery={"regions": regions})).method == "courier"

    def test_a_method_the_shop_does_not_offer_there_is_not_used(self) -> None:
        shop = make_shop(delivery={"pickup": False})
        assert totals(ready_cart(shop, method="pickup"), shop).method == "courier"

    @settings(deadline=None)
    @given(
        lines=st.lists(st.tuples(st.sampled_from(["oq", "ko'k"]), st.integers(1, 1000)), min_size=1, max_size=5),
        prepay=st.integers(0, 100),
        paid=st.sampled_from(["now", "on_arrival"]),
        free_from=st.none() | st.integers(0, 10**7),
        method=st.sampled_from(["", "courier", "pickup"]),
    )
    def test_what_is_transferred_and_what_is_due_are_always_the_whole(
        self, lines: list[tuple[str, int]], prepay: int, paid: str, free_from: int | None, method: str
    ) -> None:
        regions = [{"key": "city", "name": "Toshkent shahri", "price": 20000, "prepay": f"{prepay} %"}]
        shop = make_shop(delivery={"paid": paid, "free_from": free_from, "regions": regions})
        cart = Cart(region="city", method=method)
        for variant, qty in lines:
            cart.set_qty("PIY", variant, qty)
        sums = totals(cart, shop)
        pieces = sum(line.qty for line in cart.lines)
        assert sums.goods == pieces * (58000 if pieces >= 3 else 65000)
        assert sums.to_transfer + sums.due_on_arrival == sums.goods + sums.delivery_price
        assert sums.to_transfer >= 0 and sums.due_on_arrival >= 0
        assert abs(sums.to_transfer * 100 - sums.goods * prepay) <= 50 or paid == "now"


class TestSummary:
    @pytest.mark.parametrize("language", LANGUAGES)
    def test_three_lines_and_one_question(self, language: str) -> None:
        cart = ready_cart(SHOP, ("PIY", "oq", 2), ("GUL", "", 1))
        lines = summary_lines(cart, SHOP, language)
        assert len(lines) == 3 and all(line.endswith(".") for line in lines)
        text = summary(cart, SHOP, language).text.replace("\u00a0", " ")
        assert text.count("\n") == 2 and text.count("?") == 1
        assert "280 000" in text.splitlines()[0]
        assert "20 000" in text.splitlines()[1] and "Yunusobod" in text.splitlines()[1]
        assert "280 000" in text.splitlines()[2]

    def test_the_yes_button_names_the_summary(self) -> None:
        cart = ready_cart(SHOP)
        yes = summary(cart, SHOP, "uz").buttons[0][0]
        assert yes.token == f"b:yes:{cart.summary_key(SHOP)}" and len(yes.token) <= 64

    def test_anything_changed_is_another_summary(self) -> None:
        cart = ready_cart(SHOP)
        keys = {cart.summary_key(SHOP)}
        for change in ({"phone": "+998900000000"}, {"address": "Mirobod 1-uy"}, {"method": "pickup"}, {"number": 3}):
            keys.add(ready_cart(SHOP, **change).summary_key(SHOP))
        keys.add(ready_cart(SHOP, ("GUL", "", 2)).summary_key(SHOP))
        keys.add(cart.summary_key(make_shop(delivery={"paid": "now"})))
        assert len(keys) == 7

    def test_a_deposit_names_the_rest(self) -> None:
        regions = [{"key": "city", "name": "Toshkent shahri", "price": 20000, "prepay": "30 %"}]
        shop = make_shop(delivery={"regions": regions})
        text = summary(ready_cart(shop), shop, "ru").text.replace("\u00a0", " ")
        assert "45 000" in text and "125 000 сум (с доставкой 20 000 сум)" in text


class TestValue:
    def test_json_and_back(self) -> None:
        cart = ready_cart(SHOP, ("PIY", "oq", 2), location=(41.3, 69.2), number=4, agreed={"PIY": (2, 65000)})
        cart.choose("CHO", color="oq")
        cart.declined.add("address")
        assert Cart.parse(cart.dump()) == cart
        assert Cart.parse(None) == Cart() and Cart().dump() == {}

    async def test_an_empty_cart_leaves_no_row(self, db: Tx) -> None:
        await save(db, CHAT, ready_cart(SHOP))
        assert (await load(db, CHAT)).phone == "+998901112233"
        await save(db, CHAT, Cart())
        assert await db.fetchval("SELECT count(*) FROM carts WHERE shop_id = 'atir'") == 0
        await drop(db, CHAT)
        assert (await load(db, CHAT)).empty
