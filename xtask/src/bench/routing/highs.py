"""Solves the routing problems of a file with HiGHS, one thread, no gap. Prints a row of JSON for each: cost, seconds of
processor time (others on the machine do not count), whether optimal."""

import json
import sys
import time

import highspy
import numpy as np

LIMIT_SECONDS = 60.0


def model(problem):
    lines, locations, arcs = problem["lines"], problem["locations"], problem["arcs"]
    caps = [min(cap, lines[line]["demand"]) for line, _, _, cap in arcs]
    first_arc, first_missing = len(locations), len(locations) + len(arcs)
    rows = []  # (least, most, [(column, coefficient)])
    of_line, of_location = [[] for _ in lines], [[] for _ in locations]
    for number, ((line, location, _, _), cap) in enumerate(zip(arcs, caps)):
        of_line[line].append((first_arc + number, 1.0))
        of_location[location].append((first_arc + number, 1.0))
        rows.append((-np.inf, 0.0, [(first_arc + number, 1.0), (location, -float(cap))]))
    for number, line in enumerate(lines):
        demand = float(line["demand"])
        rows.append((demand, demand, of_line[number] + [(first_missing + number, 1.0)]))
    for number, location in enumerate(locations):
        if location.get("capacity") is not None:
            rows.append((-np.inf, 0.0, of_location[number] + [(number, -float(location["capacity"]))]))
    if problem.get("max_shipments") is not None:
        rows.append((-np.inf, float(problem["max_shipments"]), [(number, 1.0) for number in range(len(locations))]))

    costs = [location["open_cost"] for location in locations]
    costs += [arc[2] for arc in arcs] + [line["penalty"] for line in lines]
    most = [1] * len(locations) + caps + [line["demand"] for line in lines]
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = len(costs), len(rows)
    lp.col_cost_, lp.col_lower_ = np.array(costs, float), np.zeros(len(costs))
    lp.col_upper_ = np.array(most, float)
    lp.row_lower_ = np.array([row[0] for row in rows], float)
    lp.row_upper_ = np.array([row[1] for row in rows], float)
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    lp.a_matrix_.start_ = np.cumsum([0] + [len(row[2]) for row in rows])
    lp.a_matrix_.index_ = np.array([column for row in rows for column, _ in row[2]], int)
    lp.a_matrix_.value_ = np.array([value for row in rows for _, value in row[2]], float)
    lp.integrality_ = [highspy.HighsVarType.kInteger] * len(costs)
    return lp


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        problems = json.load(file)
    for problem in problems:
        highs = highspy.Highs()
        highs.silent()
        highs.setOptionValue("threads", 1)
        highs.setOptionValue("mip_rel_gap", 0.0)
        highs.setOptionValue("mip_abs_gap", 0.0)
        highs.setOptionValue("time_limit", LIMIT_SECONDS)
        highs.passModel(model(problem))
        started = time.process_time()
        highs.run()
        seconds = time.process_time() - started
        optimal = highs.getModelStatus() == highspy.HighsModelStatus.kOptimal
        row = {"cost": round(highs.getObjectiveValue()), "seconds": seconds, "optimal": optimal}
        print(json.dumps(row), flush=True)


if __name__ == "__main__":
    main()
