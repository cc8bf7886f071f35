package partyline.torture;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/// Collects what a judge counts and what it objects to.
final class Findings {

    /// What is counted. The last five are objections.
    enum Kind {
        ACCEPTED,
        DELIVERED,
        DECLINED,
        CUT,
        HAPPENED,
        OWED,
        RECEIVED,
        REPEATED,
        LOST,
        DOUBLED,
        MISSING,
        GAP,
        WRONG
    }

    private final Map<Kind, Integer> counts = new EnumMap<>(Kind.class);
    private final List<String> sentences = new ArrayList<>();

    void count(Kind kind) {
        counts.merge(kind, 1, Integer::sum);
    }

    void object(Kind kind, String sentence) {
        count(kind);
        sentences.add(kind + ": " + sentence);
    }

    /// Objects unless `value` is true.
    void demand(boolean value, Kind kind, String sentence) {
        if (!value) {
            object(kind, sentence);
        }
    }

    Judgement verdict() {
        return new Judgement(
                new Judgement.Figures(
                        of(Kind.ACCEPTED),
                        of(Kind.DELIVERED),
                        of(Kind.DECLINED),
                        of(Kind.LOST),
                        of(Kind.DOUBLED),
                        of(Kind.CUT),
                        of(Kind.HAPPENED),
                        of(Kind.OWED),
                        of(Kind.RECEIVED),
                        of(Kind.MISSING),
                        of(Kind.REPEATED),
                        of(Kind.GAP),
                        of(Kind.WRONG)),
                sentences);
    }

    private int of(Kind kind) {
        return counts.getOrDefault(kind, 0);
    }
}
