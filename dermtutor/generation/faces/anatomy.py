"""Which landmarks of the face mesh bound which part of the face.

The numbers are those of MediaPipe's canonical face model. "Right" is the person's own right side, which lies on the
left of a photograph. A region that both sides have is written for the right side and mirrored.
"""

from __future__ import annotations

from typing import Final, Literal, TypeAlias, get_args

RegionName: TypeAlias = Literal[
    "forehead",
    "glabella",
    "nose",
    "cheeks",
    "malar",
    "nasolabial-folds",
    "periorbital",
    "perioral",
    "lip-margin",
    "upper-lip",
    "chin",
    "jaw",
    "temples",
]
"""The regions that a disease of the face can be said to take, or to spare. Those in the plural have two sides; the
lip margin is the rim of skin beside the lips.
"""

REGIONS: Final[tuple[RegionName, ...]] = get_args(RegionName)

Ring: TypeAlias = tuple[int, ...]

_PAIRS: Final = (
    (0, 0), (7, 249), (17, 17), (20, 250), (21, 251), (31, 261), (32, 262), (33, 263), (34, 264),
    (35, 265), (36, 266), (37, 267), (39, 269), (40, 270), (43, 273), (46, 276), (47, 277), (48, 278),
    (49, 279), (50, 280), (52, 282), (53, 283), (54, 284), (55, 285), (57, 287), (58, 288), (59, 289),
    (60, 290), (61, 291), (63, 293), (64, 294), (65, 295), (66, 296), (67, 297), (68, 298), (69, 299),
    (70, 300), (71, 301), (75, 305), (84, 314), (91, 321), (92, 322), (93, 323), (97, 326), (98, 327),
    (99, 328), (100, 329), (101, 330), (103, 332), (104, 333), (105, 334), (107, 336), (109, 338),
    (111, 340), (113, 342), (116, 345), (117, 346), (118, 347), (119, 348), (120, 349), (121, 350),
    (122, 351), (123, 352), (127, 356), (128, 357), (129, 358), (131, 360), (132, 361), (133, 362),
    (135, 364), (136, 365), (138, 367), (139, 368), (140, 369), (142, 371), (144, 373), (145, 374),
    (146, 375), (147, 376), (148, 377), (149, 378), (150, 379), (153, 380), (154, 381), (155, 382),
    (157, 384), (158, 385), (159, 386), (160, 387), (161, 388), (162, 389), (163, 390), (165, 391),
    (170, 395), (172, 397), (173, 398), (174, 399), (176, 400), (181, 405), (182, 406), (185, 409),
    (186, 410), (187, 411), (192, 416), (193, 417), (194, 418), (198, 420), (201, 421), (202, 422),
    (203, 423), (204, 424), (205, 425), (206, 426), (207, 427), (209, 429), (210, 430), (211, 431),
    (212, 432), (213, 433), (214, 434), (216, 436), (217, 437), (221, 441), (222, 442), (223, 443),
    (224, 444), (225, 445), (234, 454), (242, 462), (245, 465), (246, 466),
)  # fmt: skip
_MIRROR: Final = dict(_PAIRS) | {left: right for right, left in _PAIRS}

OVAL: Final[Ring] = (
    10, 338, 297, 332, 284, 251, 389, 356, 454, 323, 361, 288, 397, 365, 379, 378, 400, 377,
    152, 148, 176, 149, 150, 136, 172, 58, 132, 93, 234, 127, 162, 21, 54, 103, 67, 109,
)  # fmt: skip

LIPS: Final[Ring] = (
    61, 146, 91, 181, 84, 17, 314, 405, 321, 375, 291, 409, 270, 269, 267, 0, 37, 39, 40, 185,
)  # fmt: skip
MOUTH: Final[Ring] = (
    78, 95, 88, 178, 87, 14, 317, 402, 318, 324, 308, 415, 310, 311, 312, 13, 82, 81, 80, 191,
)  # fmt: skip
RIGHT_EYE: Final[Ring] = (33, 7, 163, 144, 145, 153, 154, 155, 133, 173, 157, 158, 159, 160, 161, 246)
RIGHT_BROW: Final[Ring] = (70, 63, 105, 66, 107, 55, 65, 52, 53, 46)
RIGHT_NOSTRIL: Final[Ring] = (75, 60, 99, 20, 242, 59)

SINGLE: Final[dict[RegionName, Ring]] = {
    "forehead": (54, 103, 67, 109, 10, 338, 297, 332, 284, 298, 293, 334, 296, 336, 9, 107, 66, 105, 63, 68),
    "glabella": (107, 151, 336, 285, 417, 168, 193, 55),
    "nose": (168, 122, 174, 198, 131, 49, 64, 98, 97, 2, 326, 327, 294, 279, 360, 420, 399, 351),
    "perioral": (
        98, 97, 2, 326, 327, 391, 322, 410, 287, 273, 422, 424, 418, 421, 200, 201, 194, 204, 202, 43, 57,
        186, 92, 165,
    ),
    "upper-lip": (98, 97, 2, 326, 327, 391, 322, 410, 291, 409, 270, 269, 267, 0, 37, 39, 40, 185, 61, 186,
    92, 165),
    "chin": (204, 194, 201, 200, 421, 418, 424, 431, 395, 369, 400, 377, 152, 148, 176, 140, 170, 211),
}  # fmt: skip
"""Regions of the middle of the face as closed rings of landmarks."""

PAIRED: Final[dict[RegionName, Ring]] = {
    "cheeks": (116, 117, 118, 101, 100, 47, 217, 198, 131, 129, 203, 206, 216, 212, 214, 192, 213, 147, 123),
    "malar": (116, 117, 118, 101, 100, 47, 217, 198, 209, 36, 205, 187, 123),
    "periorbital": (193, 221, 222, 223, 224, 225, 113, 35, 111, 117, 118, 119, 120, 121, 128, 245),
    "jaw": (213, 192, 214, 210, 211, 170, 140, 176, 149, 150, 136, 172, 58, 132),
    "temples": (54, 68, 71, 139, 34, 127, 162, 21),
}  # fmt: skip
"""Regions with a right and a left side: the right one's ring."""

FOLD: Final = ((129, 129), (203, 98), (206, 165), (216, 92), (57, 186))
"""The right nasolabial fold, as points half-way between two landmarks, from the nose to beside the mouth."""


def mirrored(ring: Ring) -> Ring:
    """The left side's ring."""
    return tuple(_MIRROR[each] for each in ring)
