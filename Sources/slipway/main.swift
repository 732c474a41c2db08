import Environments
import SlipwayCommand

SlipwayMain.run(project, all, harmless: harmless)
