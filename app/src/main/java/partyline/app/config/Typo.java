package partyline.app.config;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/// What somebody meant who mistyped a name.
public final class Typo {

    private Typo() {}

    /// The name that is so near to `given` that it must be meant: one slip for every four letters, at most
    /// three.
    public static Optional<String> nearest(String given, Collection<String> known) {
        int most = Math.min(3, Math.max(1, given.length() / 4));
        return known.stream()
                .filter(name -> slips(given, name) <= most)
                .min(Comparator.<String>comparingInt(name -> slips(given, name)).thenComparing(name -> name));
    }

    /// How many letters were left out, put in, mistaken or swapped with the next.
    private static int slips(String left, String right) {
        int[][] slips = new int[left.length() + 1][right.length() + 1];
        for (int i = 0; i <= left.length(); i++) {
            for (int j = 0; j <= right.length(); j++) {
                if (i == 0 || j == 0) {
                    slips[i][j] = i + j;
                    continue;
                }
                int mistaken = left.charAt(i - 1) == right.charAt(j - 1) ? 0 : 1;
                int best = Math.min(slips[i - 1][j - 1] + mistaken, Math.min(slips[i - 1][j], slips[i][j - 1]) + 1);
                boolean swapped = i > 1
                        && j > 1
                        && left.charAt(i - 1) == right.charAt(j - 2)
                        && left.charAt(i - 2) == right.charAt(j - 1);
                slips[i][j] = swapped ? Math.min(best, slips[i - 2][j - 2] + 1) : best;
            }
        }
        return slips[left.length()][right.length()];
    }
}
