import { defineRecipe, script, sh } from 'blazeneuro/recipe';

export default defineRecipe({
  name: 'tzdata',
  license: 'LicenseRef-Public-Domain',
  builds: {
    // LFS chapter08/glibc, part "adding time zone data". Only the main tree: `posix` is the same again, and `right`
    // counts leap seconds, which no clock here does. system/etc sets the local time zone.
    final: script({
      needs: ['glibc'],
      check: sh`make back.ck name-lengths.ck slashed-abbrs.ck sorted.ck tables.ck`,
      install: sh`
        zones=$OUT/usr/share/zoneinfo
        mkdir -p $zones
        zic -b slim -d $zones etcetera africa antarctica asia australasia europe northamerica southamerica backward
        cp iso3166.tab zone.tab zone1970.tab $zones/
      `,
    }),
  },
});
