package partyline.torture;

import java.util.List;

/// What the judge found: figures, and a sentence for everything that is not as it was promised.
record Judgement(Figures figures, List<String> findings) {

    Judgement {
        findings = List.copyOf(findings);
    }

    /// The counts of a run. `cut` are requests whose answer was cut off, `happened` those of them that took effect.
    record Figures(
            int accepted,
            int delivered,
            int declined,
            int lost,
            int doubled,
            int cut,
            int happened,
            int owed,
            int received,
            int missing,
            int repeatedPosts,
            int gaps,
            int wrong) {}

    boolean clean() {
        return findings.isEmpty();
    }

    String report() {
        return """
                messages accepted   %8d   (answered with success: sends of agents, texts of people)
                         delivered  %8d   (on the phone, or in the agent's list, exactly once)
                         declined   %8d   (accepted, then honestly given up: the person had left, or the line refused)
                         lost       %8d
                         doubled    %8d
                answers cut off     %8d   (of which %d took effect, once)
                events owed         %8d
                       received     %8d   (%d came again, under the same event id)
                       missing      %8d
                stream gaps         %8d
                anything else wrong %8d
                """.formatted(
                        figures.accepted,
                        figures.delivered,
                        figures.declined,
                        figures.lost,
                        figures.doubled,
                        figures.cut,
                        figures.happened,
                        figures.owed,
                        figures.received,
                        figures.repeatedPosts,
                        figures.missing,
                        figures.gaps,
                        figures.wrong);
    }
}
