package io.logfold.generator;

import java.util.SplittableRandom;

/**
 * Picks one of n things by weight in constant time (Vose's alias method, IEEE TSE 1991). Immutable
 * once built, so threads may share it.
 */
final class WeightedPick {

  private final double[] keep;
  private final int[] alias;

  WeightedPick(double[] weights) {
    int n = weights.length;
    keep = new double[n];
    alias = new int[n];
    double sum = 0;
    for (double weight : weights) {
      sum += weight;
    }
    fill(weights, n / sum);
  }

  /** Weights 1, 1/2, 1/3, ...: a few are everywhere and most are rare, as in Zipf's law. */
  static WeightedPick zipf(int n) {
    double[] weights = new double[n];
    for (int i = 0; i < n; i++) {
      weights[i] = 1.0 / (i + 1);
    }
    return new WeightedPick(weights);
  }

  int pick(SplittableRandom random) {
    int i = random.nextInt(keep.length);
    return random.nextDouble() < keep[i] ? i : alias[i];
  }

  private void fill(double[] weights, double scale) {
    int n = weights.length;
    int[] work = new int[n];
    int small = 0;
    int large = n;
    for (int i = 0; i < n; i++) {
      keep[i] = weights[i] * scale;
      if (keep[i] < 1) {
        work[small++] = i;
      } else {
        work[--large] = i;
      }
    }
    while (small > 0 && large < n) {
      int low = work[--small];
      int high = work[large];
      alias[low] = high;
      keep[high] -= 1 - keep[low];
      if (keep[high] < 1) {
        large++;
        work[small++] = high;
      }
    }
    settleRest(work, small, large);
  }

  /** What is left over differs from 1 by rounding alone. */
  private void settleRest(int[] work, int small, int large) {
    for (int i = 0; i < small; i++) {
      keep[work[i]] = 1;
    }
    for (int i = large; i < work.length; i++) {
      keep[work[i]] = 1;
    }
  }
}
