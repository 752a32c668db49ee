"""The numbers and names of the room, each with its reason; values only."""

# Ranks at which recall is told; 10 is the depth BEIR and C-MTEB report, 1 and 3 what a reader sees first.
CUTOFFS = (1, 3, 5, 10)
DEPTH = 10

# A right paragraph below this rank is called "ranked low": readers seldom open a fourth source.
LOW_RANK = 3

# 1,000 resamples hold a 95 % percentile interval steady to about a hundredth.
BOOTSTRAP_ROUNDS = 1_000
INTERVAL = 95.0
SEED = 20_260

# 2,000 swaps resolve p-values down to 0.0005, well under the level asked for.
RANDOMISATION_ROUNDS = 2_000
SIGNIFICANCE = 0.05

# Equal-width bins of the expected calibration error, as in Guo et al. 2017 with small sets in mind.
CALIBRATION_BINS = 10
# Points kept of the risk-coverage curve: enough to draw it.
CURVE_POINTS = 20

# A citation stands on the evidence when they share at least this part of the shorter one.
OVERLAP = 0.5

# What a scorecard keeps of the ranking: hits, and characters of each.
KEPT_HITS = 5
OPENING = 40

# Questions searched for in one call: they are embedded together, and progress is told between calls.
SEARCH_BATCH = 64

# A process takes a second or two to start; with fewer cases than these it would not pay.
CASES_FOR_A_WORKER = 250
# Cases handed to a process at once: handing over is cheap, and progress and Ctrl+C wait for a batch.
CREW_BATCH = 8

# Form of the scorecard file; raised when a field changes its meaning.
CARD_VERSION = 1
