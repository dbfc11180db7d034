import { defineRecipe, script, sh } from 'blazeneuro/recipe';

export default defineRecipe({
  name: 'accounts',
  license: 'MIT',
  description: "The system's accounts, and those that the profile names for its programs",
  sources: {},
  builds: {
    system: script({
      needs: ['etc'],
      fromProfile: ['accounts'],
      install: sh`
        mkdir -p $OUT/etc
        cp /etc/{group,gshadow,passwd,shadow} $OUT/etc/
        while IFS=: read -r name id description home; do
          # A number or a name that is taken would make somebody else of it.
          if grep -qE "^$name:|^[^:]*:[^:]*:$id:" $OUT/etc/passwd $OUT/etc/group; then
            echo "The account $name, $id, is there already" >&2
            exit 1
          fi
          echo "$name:x:$id:$id:$description:$home:/usr/bin/false" >> $OUT/etc/passwd
          echo "$name:!:20089:0:99999:7:::" >> $OUT/etc/shadow
          echo "$name:x:$id:" >> $OUT/etc/group
          echo "$name:!::" >> $OUT/etc/gshadow
        done < $PROFILE/accounts
      `,
      exceptions: { '/etc/gshadow': { mode: '0600' }, '/etc/shadow': { mode: '0600' } },
      replaces: ['system/etc'],
    }),
  },
});
