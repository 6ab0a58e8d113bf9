"""The decoder's inner loops, for numba: arrays in, arrays out, no Python objects, no GIL.

A lattice is what composition makes of a grammar and a text: nodes are (state, position) in the order met, node 0 the
start; edges of node n are `edge_start[n]:edge_start[n + 1]` in the grammar's arc order. Importing this module imports
numba (0.5 s); each function is compiled when it is first called, or read from numba's cache.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar

import numpy as np
import numpy.typing as npt
from numba import njit

from campaign.speech.nemo.transducer import Bytes, Ids, Masks, Weights

P = ParamSpec("P")
R = TypeVar("R")

Flags = npt.NDArray[np.bool_]
Integer = int | np.signedinteger[Any]

SAME = np.float32(1e-6)
"""OpenFst's `kShortestDelta`: a distance is not improved by less than this when epsilons are removed."""


def _compiled(function: Callable[P, R]) -> Callable[P, R]:
    """Machine code, kept in numba's cache where numba finds a folder that it may write to."""
    try:
        code: Callable[P, R] = njit(nogil=True, cache=True)(function)
    except RuntimeError:  # no such folder: compiled anew in every process
        code = njit(nogil=True)(function)
    return code


@_compiled
def _can_read(masks: Masks, mask: Integer, byte: Integer) -> bool:
    word: np.uint64 = masks[mask, byte >> 6]
    return bool((word >> np.uint64(byte & 63)) & np.uint64(1))


@_compiled
def _twice(array: Ids) -> Ids:
    return np.concatenate((array, np.empty_like(array)))


@_compiled
def _first_arc(arc_in: Bytes, low: Integer, high: Integer, byte: Integer) -> Integer:
    """The first of a state's arcs that reads `byte` or more; arcs ascend by what they read."""
    while low < high:
        middle = (low + high) >> 1
        if arc_in[middle] < byte:
            low = middle + 1
        else:
            high = middle
    return low


@_compiled
def compose(
    start: int,
    arc_start: Ids,
    arc_in: Bytes,
    arc_target: Ids,
    mask_of: Ids,
    masks: Masks,
    text: Bytes,
    here: Ids,
    there: Ids,
) -> tuple[int, Ids, Ids, Ids, Ids]:
    """(first node at the text's end, node_state, edge_start, edge_node, edge_arc); the first is -1 for no path.

    `here` and `there` map states to nodes of this position and the next: all -1 before and after. Epsilon arcs sort
    first, so a node's edges are those that read nothing (met while its position is closed under epsilon), then those
    that read a byte (met afterwards); both kinds go into one list by a second pass.
    """
    size = len(text)
    none = np.empty(0, np.int32)
    node_state = np.empty(32 * (size + 2), np.int32)
    split = np.empty(32 * (size + 2), np.int32)  # edges found up to this node, its epsilon edges included
    met = np.empty(32 * (size + 2), np.int32)  # the same for the edges that read
    quiet_node, quiet_arc = np.empty(32 * (size + 2), np.int32), np.empty(32 * (size + 2), np.int32)
    loud_node, loud_arc = np.empty(16 * (size + 2), np.int32), np.empty(16 * (size + 2), np.int32)
    quiets, louds, layer, nodes = 0, 0, 0, 1
    byte = np.int64(text[0]) if size > 0 else np.int64(256)
    if not _can_read(masks, mask_of[start], byte):
        return -1, none, none, none, none
    node_state[0] = start
    here[start] = 0
    for position in range(size + 1):
        node = layer
        while node < nodes:
            state = node_state[node]
            for arc in range(arc_start[state], arc_start[state + 1]):
                if arc_in[arc] != 0:
                    break
                target = arc_target[arc]
                if _can_read(masks, mask_of[target], byte):
                    if here[target] < 0:
                        if nodes == len(node_state):
                            node_state, split, met = _twice(node_state), _twice(split), _twice(met)
                        node_state[nodes] = target
                        here[target] = nodes
                        nodes += 1
                    if quiets == len(quiet_node):
                        quiet_node, quiet_arc = _twice(quiet_node), _twice(quiet_arc)
                    quiet_node[quiets] = here[target]
                    quiet_arc[quiets] = arc
                    quiets += 1
            split[node] = quiets
            node += 1
        closed = nodes
        following = np.int64(text[position + 1]) if position + 1 < size else np.int64(256)
        for node in range(layer, closed):
            state = node_state[node]
            here[state] = -1
            if position < size:
                end = arc_start[state + 1]
                arc = _first_arc(arc_in, arc_start[state], end, byte)
                while arc < end and arc_in[arc] == byte:
                    target = arc_target[arc]
                    if _can_read(masks, mask_of[target], following):
                        if there[target] < 0:
                            if nodes == len(node_state):
                                node_state, split, met = _twice(node_state), _twice(split), _twice(met)
                            node_state[nodes] = target
                            there[target] = nodes
                            nodes += 1
                        if louds == len(loud_node):
                            loud_node, loud_arc = _twice(loud_node), _twice(loud_arc)
                        loud_node[louds] = there[target]
                        loud_arc[louds] = arc
                        louds += 1
                    arc += 1
            met[node] = louds
        if position < size:
            if closed == nodes:
                return -1, none, none, none, none
            layer = closed
            byte = following
            here, there = there, here

    edge_start = np.empty(nodes + 1, np.int32)
    edge_node, edge_arc = np.empty(quiets + louds, np.int32), np.empty(quiets + louds, np.int32)
    quiets, louds, edges = 0, 0, 0
    for node in range(nodes):
        edge_start[node] = edges
        while quiets < split[node]:
            edge_node[edges], edge_arc[edges] = quiet_node[quiets], quiet_arc[quiets]
            quiets += 1
            edges += 1
        while louds < met[node]:
            edge_node[edges], edge_arc[edges] = loud_node[louds], loud_arc[louds]
            louds += 1
            edges += 1
    edge_start[nodes] = edges
    return layer, node_state[:nodes], edge_start, edge_node, edge_arc


@_compiled
def finishing_order(edge_start: Ids, edge_end: Ids, edge_node: Ids, final: Weights) -> tuple[Ids, Flags]:
    """(nodes from which the text can end, in the order in which a depth-first walk from node 0 leaves them; which).

    Its reverse is OpenFst's topological order. Nodes that cannot end are met on the way and left out: they lead to no
    node that can, so the order of the others is the same as if they were not there.
    """
    nodes = len(final)
    useful = final < np.inf
    seen = np.zeros(nodes, np.bool_)
    following = edge_start[:nodes].copy()
    finished = np.empty(nodes, np.int32)
    stack = np.empty(nodes, np.int32)
    finishes, depth = 0, 1
    stack[0] = 0
    seen[0] = True
    while depth > 0:
        node = stack[depth - 1]
        if following[node] < edge_end[node]:
            child = edge_node[following[node]]
            following[node] += 1
            if not seen[child]:
                seen[child] = True
                stack[depth] = child
                depth += 1
            elif useful[child]:
                useful[node] = True
        else:
            depth -= 1
            if useful[node]:
                finished[finishes] = node
                finishes += 1
                if depth > 0:
                    useful[stack[depth - 1]] = True
    return finished[:finishes], useful & seen


@_compiled
def cheapest(
    finished: Ids,
    useful: Flags,
    edge_start: Ids,
    edge_end: Ids,
    edge_node: Ids,
    edge_out: Bytes,
    edge_weight: Weights,
    final: Weights,
) -> Bytes:
    """What the cheapest path writes: float32 sums in topological order, an equal cost later on changes nothing."""
    cost = np.full(len(final), np.inf, np.float32)
    parent = np.full(len(final), -1, np.int32)
    by = np.zeros(len(final), np.uint8)
    cost[0] = np.float32(0)
    best = np.float32(np.inf)
    last = 0
    for rank in range(len(finished) - 1, -1, -1):
        node = finished[rank]
        total = np.float32(cost[node] + final[node])
        if total < best:
            best = total
            last = node
        for edge in range(edge_start[node], edge_end[node]):
            child = edge_node[edge]
            if useful[child]:
                total = np.float32(cost[node] + edge_weight[edge])
                if total < cost[child]:
                    cost[child] = total
                    parent[child] = node
                    by[child] = edge_out[edge]
    length = 0
    node = last
    while node != 0:
        length += 1 if by[node] != 0 else 0
        node = parent[node]
    written = np.empty(length, np.uint8)
    node = last
    while node != 0:
        if by[node] != 0:
            length -= 1
            written[length] = by[node]
        node = parent[node]
    return written


@_compiled
def best_path(
    start: int,
    arc_start: Ids,
    arc_in: Bytes,
    arc_out: Bytes,
    arc_weight: Bytes,
    arc_target: Ids,
    weights: Weights,
    final_weight: Weights,
    mask_of: Ids,
    masks: Masks,
    text: Bytes,
    here: Ids,
    there: Ids,
    silent: bool,
) -> tuple[bool, Bytes]:
    """(found, what the best path writes). With `silent`, edges that write nothing are removed before the search, as
    OpenFst's `rmepsilon` does: the same paths at the same costs, but sums and ties in another order."""
    layer, node_state, edge_start, edge_node, edge_arc = compose(
        start, arc_start, arc_in, arc_target, mask_of, masks, text, here, there
    )
    if layer < 0:
        return False, np.empty(0, np.uint8)
    final = np.full(len(node_state), np.inf, np.float32)
    for node in range(layer, len(node_state)):
        final[node] = final_weight[node_state[node]]
    edge_out = np.empty(len(edge_arc), np.uint8)
    edge_weight = np.empty(len(edge_arc), np.float32)
    for edge in range(len(edge_arc)):
        edge_out[edge] = arc_out[edge_arc[edge]]
        edge_weight[edge] = weights[arc_weight[edge_arc[edge]]]
    edge_end = edge_start[1:]
    finished, useful = finishing_order(edge_start, edge_end, edge_node, final)
    if not useful[0]:
        return False, np.empty(0, np.uint8)
    if silent:
        edge_start, edge_end, edge_node, edge_out, edge_weight = without_silent_edges(
            finished, useful, edge_start, edge_end, edge_node, edge_out, edge_weight, final
        )
        finished, useful = finishing_order(edge_start, edge_end, edge_node, final)
    return True, cheapest(finished, useful, edge_start, edge_end, edge_node, edge_out, edge_weight, final)


@_compiled
def without_silent_edges(
    finished: Ids,
    useful: Flags,
    edge_start: Ids,
    edge_end: Ids,
    edge_node: Ids,
    edge_out: Bytes,
    edge_weight: Weights,
    final: Weights,
) -> tuple[Ids, Ids, Ids, Bytes, Weights]:
    """OpenFst's `RmEpsilon` with its orders: returns new (start, end, node, out, weight); `final` changes in place.

    Nodes are expanded after their successors. An expansion takes the shortest distances over silent edges, then
    gathers the other edges of all nodes so reached with a stack, merges equal ones, and keeps them in reverse. Nodes
    that only silent edges enter are not expanded.
    """
    nodes = len(final)
    entered = np.zeros(nodes, np.bool_)
    entered[0] = True
    rank = np.zeros(nodes, np.int32)
    for place in range(len(finished)):
        rank[finished[place]] = place
        for edge in range(edge_start[finished[place]], edge_end[finished[place]]):
            if edge_out[edge] != 0:
                entered[edge_node[edge]] = True
    new_start, new_end = edge_start[:nodes].copy(), edge_end[:nodes].copy()
    pool = len(edge_node)
    new_node, new_out, new_weight = edge_node.copy(), edge_out.copy(), edge_weight.copy()
    distance = np.full(nodes, np.inf, np.float32)
    state = np.zeros(nodes, np.int8)  # 1: reached by silent edges, 2: distance settled, 3: gathered
    closure = np.empty(nodes, np.int32)
    stack = np.empty(nodes + len(edge_node), np.int32)
    for place in range(len(finished)):
        source = finished[place]
        if not entered[source]:
            continue
        # shortest distances, in topological order
        reached = 1
        closure[0] = source
        distance[source] = np.float32(0)
        state[source] = 1
        while True:
            node = -1
            for k in range(reached):
                if state[closure[k]] == 1 and (node < 0 or rank[closure[k]] > rank[node]):
                    node = closure[k]
            if node < 0:
                break
            state[node] = 2
            for edge in range(new_start[node], new_end[node]):
                child = new_node[edge]
                if new_out[edge] == 0 and useful[child]:
                    total = np.float32(distance[node] + new_weight[edge])
                    lower = min(distance[child], total)
                    if not (distance[child] <= lower + SAME and lower <= distance[child] + SAME):
                        distance[child] = lower
                    if state[child] == 0:
                        state[child] = 1
                        closure[reached] = child
                        reached += 1
        # gather
        first = pool
        ending = np.float32(np.inf)
        depth = 1
        stack[0] = source
        while depth > 0:
            depth -= 1
            node = stack[depth]
            if state[node] == 3:
                continue
            state[node] = 3
            for edge in range(new_start[node], new_end[node]):
                child = new_node[edge]
                if not useful[child]:
                    continue
                if new_out[edge] == 0:
                    if state[child] != 3:
                        stack[depth] = child
                        depth += 1
                    continue
                total = np.float32(distance[node] + new_weight[edge])
                twin = first
                while twin < pool and not (new_node[twin] == child and new_out[twin] == new_out[edge]):
                    twin += 1
                if twin < pool:
                    new_weight[twin] = min(new_weight[twin], total)
                    continue
                if pool == len(new_node):
                    new_node = np.concatenate((new_node, np.empty_like(new_node)))
                    new_out = np.concatenate((new_out, np.empty_like(new_out)))
                    new_weight = np.concatenate((new_weight, np.empty_like(new_weight)))
                new_node[pool], new_out[pool], new_weight[pool] = child, new_out[edge], total
                pool += 1
            ending = min(ending, np.float32(distance[node] + final[node]))
        for k in range(reached):
            state[closure[k]] = 0
            distance[closure[k]] = np.inf
        final[source] = ending
        new_start[source], new_end[source] = first, pool
        new_node[first:pool] = new_node[first:pool][::-1].copy()
        new_out[first:pool] = new_out[first:pool][::-1].copy()
        new_weight[first:pool] = new_weight[first:pool][::-1].copy()
    return new_start, new_end, new_node, new_out, new_weight
