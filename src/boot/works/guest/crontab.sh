# A user's own jobs: written down, listed and taken away again, in a folder that is not the user's.
. "${0%/*}/facts.sh"
cd "$(mktemp -d)"
echo '17 4 * * 1 echo once a week' > jobs
does 'has jobs before' crontab -l
crontab jobs
fact 'jobs' "$(crontab -l)"
does 'sees the jobs of others' ls /var/spool/cron
does 'reads the jobs of root' crontab -u root -l
crontab -r
does 'has jobs afterwards' crontab -l
