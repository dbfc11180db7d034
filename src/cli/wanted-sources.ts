import { ok, type Result } from '#base';
import { copyleftRecipes } from '#sbom';
import type { Bundle } from '#source';
import { shippedBuilds } from './image-parts.ts';
import { sourcesOfTargets } from './make-plan.ts';
import type { Session } from './session.ts';

/** Which sources are meant. */
export type Wish = {
  /** None: all that the profile's image takes. */
  readonly names: readonly string[];
  /** Only those that whoever passes the image on has to offer. */
  readonly copyleft: boolean;
  readonly bundle?: Bundle | undefined;
};

/** The names of the sources that a wish means, each once. */
export async function wantedSources(session: Session, wish: Wish): Promise<Result<readonly string[]>> {
  const named = wish.names.length > 0 ? ok(wish.names) : await namesOfImage(session, wish);
  if (!named.ok || !wish.copyleft) return named;
  const asking = await copyleftSources(session, wish.names.length === 0);
  return asking.ok ? ok(named.value.filter((name) => asking.value.has(name))) : asking;
}

/** What the image takes; and what a bundle promises beside that, since it may have been made for another profile. */
async function namesOfImage(session: Session, { bundle }: Wish): Promise<Result<readonly string[]>> {
  const ofImage = await sourcesOfTargets(session, ['image']);
  if (!ofImage.ok) return ofImage;
  const promised = [...session.project.pins].filter(([, pins]) =>
    pins.some(({ digest }) => bundle?.places.has(digest) === true),
  );
  return ok([...new Set([...ofImage.value, ...promised.map(([name]) => name)])]);
}

/** The sources of recipes with a copyleft licence: of what ships, or of all recipes. */
async function copyleftSources(
  session: Session,
  isShippedOnly: boolean,
): Promise<Result<ReadonlySet<string>>> {
  const shipped = [...shippedBuilds(session.project.profile)].map(
    (build) => build.split('/').at(-1) ?? build,
  );
  const recipes = [...session.project.recipes.values()]
    .flatMap(({ recipe }) => recipe ?? [])
    .filter(({ name }) => !isShippedOnly || shipped.includes(name));
  const asking = await copyleftRecipes(recipes.map(({ name, license }) => ({ recipe: name, license })));
  if (!asking.ok) return asking;
  const chosen = recipes.filter(({ name }) => asking.value.has(name));
  return ok(
    new Set(chosen.flatMap(({ sources, copiesFrom = [] }) => [...Object.values(sources), ...copiesFrom])),
  );
}
