import type { Plan } from "./plan.ts";

/** The part of a plan that makes some of its extensions. */
export function narrowPlan(plan: Plan, wanted: (extension: string) => boolean): Plan {
  return {
    ...plan,
    steps: plan.steps.filter((step) => wanted(step.extension)),
    artefacts: plan.artefacts.filter((artefact) => wanted(artefact.extension.name)),
  };
}
