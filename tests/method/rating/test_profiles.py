"""Profiles: all that decides on a client as one number, and back."""

import random

import narwhals as nw
import polars as pl

from tests.method.frames import AS_OF
from tierxl.method.rating.profiles import SCALES, columns_of, with_profile


def profiles(count: int) -> list[dict[str, int]]:
    some = random.Random(3)
    ends = [{column: scale[end] for column, scale in SCALES.items()} for end in (0, 1)]
    within = [{column: some.randint(*scale) for column, scale in SCALES.items()} for _ in range(count)]
    return [*ends, *within]


def numbered(known: list[dict[str, int]]) -> pl.DataFrame:
    frame = pl.DataFrame(known).with_columns(
        pl.col("override").alias("override_tier"),
        pl.lit(None, pl.Datetime("us")).alias("override_expires"),
        pl.when(pl.col("knows_margin") == 1).then(0.1).alias("earned_margin"),
    )
    return with_profile(nw.from_native(frame.drop("override", "knows_margin")), AS_OF).to_native()


def test_the_columns_of_a_profile_come_back_out_of_its_number():
    known = profiles(500)
    numbers = nw.from_native(numbered(known).select("profile"))
    assert numbers.select(**columns_of(nw.col("profile"))).rows(named=True) == known


def test_two_profiles_have_two_numbers():
    known = profiles(500)
    distinct = {tuple(profile.values()) for profile in known}
    assert numbered(known)["profile"].n_unique() == len(distinct)
